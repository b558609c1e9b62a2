// npm run bench:overload -- [flags]: three times as much as the gateway can do (R26). First what it can: as many heavy queries as fifty askers
// get, one after the other, before and after. In between so many times as much by the clock, whether it is answered or not, one in ten of them a checkout; then
// half of what it can, and how soon nobody is refused or late any more. One core for the gateway, the other for everybody else.
import { execFileSync } from 'node:child_process'
import { Agent, request } from 'node:http'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { isMissed, printGoals, round } from '../fanout/goals.mjs'
import { OPERATIONS, PORTS } from './graph.mjs'
import { started, stopped, usage } from './processes.mjs'

const HELP = `npm run bench:overload -- [flags]
  --times 3        so many times what it can do
  --seconds 30     for how long (R26 asks for 600)
  --operation heavy   what is asked, beside checkouts: heavy, list or one
  --node=FLAGS     flags of Node for the gateway, like --node=--cpu-prof
  --in 2000        an answer within so many milliseconds is good
It ends with 1 when a goal was missed: 90 % of the most good answers, checkouts within 300 ms at p99, refusals with 503 and Retry-After
only, nobody refused or late within 10 s after it is over.`
const { values } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    times: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '30' },
    operation: { type: 'string', default: 'heavy' },
    in: { type: 'string', default: '2000' },
    node: { type: 'string', default: '' },
  },
})
if (values.help) {
  console.log(HELP)
  process.exit()
}
const GOALS = { share: 0.9, checkoutMs: 300, recoverSeconds: 10 }
const CHECKOUTS = 0.1
const PORT = 4320
const [times, seconds, goodMs] = [values.times, values.seconds, values.in].map(Number)
const here = import.meta.dirname
const folder = mkdtempSync(join(tmpdir(), 'bench-overload-'))
const supergraph = join(folder, 'supergraph.graphql')
execFileSync(process.execPath, [join(here, 'compose.mjs'), supergraph], { stdio: 'inherit' })
const config = join(folder, 'daihuo.json')
writeFileSync(config, JSON.stringify({ sharing: false, compressBytes: 0, overload: { first: ['rename'] } }))
const agent = new Agent({ keepAlive: true, maxSockets: Infinity, maxFreeSockets: 1_000 })
const goals = []

const subgraphs = await started(1, process.execPath, [join(here, 'subgraphs.mjs')], {
  ready: async () => (await fetch(`http://127.0.0.1:${PORTS.users}/asked`)).ok,
})
const main = resolve(here, '../../dist/gateway/main.js')
const settings = ['--supergraph', supergraph, '--config', config, '--port', String(PORT)]
const strict = ['--profile', 'strict', '--log', 'silent']
const env = { DAIHUO_SECRET: '07'.repeat(32) }
const gateway = await started(
  0,
  process.execPath,
  [...values.node.split(' ').filter(Boolean), main, ...settings, ...strict],
  {
    env,
    ready: async () => (await fetch(`http://127.0.0.1:${PORT}/ready`)).ok,
  },
)
execFileSync('taskset', ['-cp', '1', String(process.pid)])
try {
  await capacity(2)
  const first = await capacity(5)
  const before = usage(gateway.pid)
  const told = await offered(first * times, seconds)
  const after = usage(gateway.pid)
  const calm = await offered(first / 2, GOALS.recoverSeconds)
  report({ most: (first + (await capacity(5))) / 2, told, calm, before, after }) // a shared machine changes its pace meanwhile
} finally {
  await stopped(gateway)
  await stopped(subgraphs)
}
printGoals(goals)
process.exit(goals.some(isMissed) ? 1 : 0)

function report({ most, told, calm, before, after }) {
  const mostQueries = most * (1 - CHECKOUTS)
  const queries = told.filter(({ isCheckout }) => !isCheckout)
  const checkouts = told.filter(({ isCheckout }) => isCheckout)
  const good = queries.filter((one) => one.status === 200 && one.ms <= goodMs).length / seconds
  const refused = told.filter(({ status }) => status === 503)
  const other = told.filter(({ status }) => status !== 200 && status !== 503)
  const unsaid = refused.filter(({ retryAfter }) => retryAfter === undefined)
  const bad = calm.filter((one) => one.status !== 200 || one.ms > goodMs)
  const recovered = Math.max(0, ...bad.map(({ atMs }) => atMs)) / 1_000
  const answered = (all) => all.filter(({ status }) => status === 200)
  console.table({
    'what it can': { 'req/s': round(most) },
    [`${times} × as much`]: { ...figures(told, answered(queries)), 'good/s': round(good), refused: refused.length },
    'checkouts among them': figures(checkouts, answered(checkouts)),
    'refusals among them': figures(refused, refused),
    'half as much, after it': figures(calm, answered(calm)),
  })
  console.log(`${round(((after.cpu - before.cpu) / seconds) * 100)} % of its core, ${round(after.rss)} MiB resident`)
  goal(
    'good answers to queries',
    `≥ ${GOALS.share * 100} % of the most`,
    `${round((good / mostQueries) * 100)} %`,
    good >= mostQueries * GOALS.share,
  )
  const late = percentile(answered(checkouts), 0.99)
  goal('checkouts, p99', `≤ ${GOALS.checkoutMs} ms`, `${round(late)} ms`, late <= GOALS.checkoutMs)
  const lost = checkouts.length - answered(checkouts).length
  goal('checkouts that were refused', '0', String(lost), lost === 0)
  goal('refused otherwise than by 503', '0', String(other.length), other.length === 0)
  goal('refused without Retry-After', '0', String(unsaid.length), unsaid.length === 0)
  goal(
    'nobody refused or late any more after',
    `< ${GOALS.recoverSeconds} s`,
    `${round(recovered)} s`,
    recovered < GOALS.recoverSeconds - 1,
  )
}

function goal(name, wanted, measured, met) {
  goals.push({ goal: name, wanted, measured, met })
}

function figures(all, timed) {
  return {
    'req/s': round(all.length / ((all.at(-1)?.atMs ?? 0) / 1_000)),
    'p50 ms': round(percentile(timed, 0.5)),
    'p99 ms': round(percentile(timed, 0.99)),
  }
}

function percentile(all, share) {
  return all.map(({ ms }) => ms).toSorted((a, b) => a - b)[Math.trunc(all.length * share)] ?? 0
}

/** Answers a second that fifty askers get, each asking again when it was answered. */
async function capacity(forSeconds) {
  const until = performance.now() + forSeconds * 1_000
  let answers = 0
  const one = async (asker) => {
    for (let n = asker; performance.now() < until; n++) if ((await ask(n, performance.now())).status === 200) answers++
  }
  await Promise.all(Array.from({ length: 50 }, (_, asker) => one(asker)))
  return answers / forSeconds
}

/** So many a second by the clock; times count from when each was due. */
async function offered(perSecond, forSeconds) {
  const began = performance.now()
  const asked = []
  const all = Math.trunc(perSecond * forSeconds)
  while (asked.length < all) {
    const due = Math.min(all, Math.trunc(((performance.now() - began) / 1_000) * perSecond))
    while (asked.length < due) asked.push(ask(asked.length, began + (asked.length / perSecond) * 1_000, began))
    await new Promise((done) => setTimeout(done, 2))
  }
  return await Promise.all(asked)
}

function ask(n, dueMs, began = dueMs) {
  const isCheckout = n % Math.round(1 / CHECKOUTS) === 0
  const { query, variables } = OPERATIONS[isCheckout ? 'mutation' : values.operation]
  const body = JSON.stringify({ query, variables: variables(n % 50) })
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
  return new Promise((done) => {
    const over = (status, retryAfter) =>
      done({ isCheckout, status, retryAfter, ms: performance.now() - dueMs, atMs: dueMs - began })
    const asking = request(
      { port: PORT, host: '127.0.0.1', path: '/graphql', method: 'POST', agent, headers },
      (answer) => {
        answer.resume()
        answer.on('end', () => over(answer.statusCode, answer.headers['retry-after']))
        answer.on('error', () => over(0))
      },
    )
    asking.on('error', () => over(0))
    asking.end(body)
  })
}

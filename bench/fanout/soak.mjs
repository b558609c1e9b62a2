// A crowd in its worst moments, while the room goes on telling two events a second: all subscribe at once; so many leave and come
// every second; the supergraph is reloaded; all are cut off and come back at once; all leave. Each step says what was lost and repeated and how late the
// gateway's event loop was at most, and the end what it still remembers. `--help` tells the flags.
import { parseArgs } from 'node:util'
import { started, stopped } from '../gateway/processes.mjs'
import { crowdOf } from './crowd.mjs'
import { gatewaysOf } from './gateways.mjs'
import { QUERY } from './graph.mjs'
import { isMissed, printGoals, round } from './goals.mjs'
import {
  asked,
  composeInto,
  gauges,
  listens,
  pause,
  probe,
  publish,
  serves,
  startSubgraphs,
  supergraphFile,
} from './live.mjs'

const HELP = `npm run soak:live -- [flags]
  --viewers 10000     how many watch
  --perSecond 2000    how many leave and come each second
  --seconds 60        for how long
  --whole             their sockets leave and come too, not only their subscriptions
  --node=FLAGS        flags of Node for our gateway, like --node=--cpu-prof
It ends with 1 when a goal was missed: something lost, refused or closed, a loop delay above 100 ms while all subscribe or while
they leave and come, a come-back of more than 30 s, or anything that is still remembered of who has left.`
const GOALS = { lateMs: 100, backSeconds: 30, heapMiB: 8 }

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    viewers: { type: 'string', default: '10000' },
    seconds: { type: 'string', default: '60' },
    perSecond: { type: 'string', default: '2000' },
    whole: { type: 'boolean', default: false },
    node: { type: 'string', default: '' },
  },
})
if (values.help) {
  console.log(HELP)
  process.exit()
}
const [viewers, seconds, perSecond] = [values.viewers, values.seconds, values.perSecond].map(Number)
const flags = ['--expose-gc', ...values.node.split(' ').filter(Boolean)]
const supergraph = supergraphFile()
const gateway = gatewaysOf(supergraph, { workers: 1, flags }).daihuo
const where = { port: gateway.port, rooms: 1, groups: 1 }
const rows = []
const goals = []
const subgraphs = await startSubgraphs()
const child = await started(0, gateway.command, gateway.args, { env: gateway.env, ready: listens(gateway.port) })
const crowd = await crowdOf(viewers, 1)
try {
  await publish({ rooms: 1, from: 1, events: 100_000, perSecond: 2 })
  await firstViewer()
  const empty = await remembered('nobody yet')
  await crowd.open({ ...where, hold: true })
  await step('all subscribe at once', subscribe, { prompt: true })
  await step(`${perSecond} leave and come a second`, churn, { prompt: true })
  await step('the supergraph is reloaded under all', reload)
  await step('all are cut off', cutOff)
  await step('all come back at once', async () => {
    await crowd.open({ ...where, atOnce: viewers })
    await everybodyHears()
  })
  await cutOff()
  const left = await remembered('all have left')
  const still = ['groups', 'viewers', 'upstreams', 'sockets', "the room's upstreams"].filter((what) => left[what] !== 0)
  goal(
    'nobody is remembered',
    'no group, viewer, upstream or socket',
    still.map((what) => `${left[what]} ${what}`).join(),
    still.length === 0,
  )
  const more = left['heap MiB'] - empty['heap MiB']
  goal(
    'heap after all have left',
    `≤ ${GOALS.heapMiB} MiB more than before`,
    `${round(more)} MiB more`,
    more <= GOALS.heapMiB,
  )
} finally {
  crowd.end()
  await stopped(child)
  await stopped(subgraphs)
}
console.table(rows)
printGoals(goals)
process.exit(goals.some(isMissed) ? 1 : 0)

/** A step whose loop must not be late is `prompt`. That all are cut off, or come back, in one moment has no such goal: its figure is told. */
async function step(name, work, { prompt: isPrompt = false } = {}) {
  await crowd.count(1)
  const before = await probe()
  const began = performance.now()
  await work()
  const tookSeconds = (performance.now() - began) / 1_000
  const told = await crowd.finish()
  const { lateMs, p99Ms, cpuMs, usedMs, heapMiB, rssMiB } = await probe()
  rows.push({
    step: name,
    'took s': round(tookSeconds),
    received: told.received,
    lost: told.lost,
    repeated: told.repeated,
    closed: told.closed,
    refused: told.refused,
    'late ms': round(lateMs),
    'late p99 ms': round(p99Ms),
    'longest turn, CPU ms': round(cpuMs),
    'CPU s': round((usedMs - before.usedMs) / 1_000),
    'heap MiB': round(heapMiB),
    'RSS MiB': round(rssMiB),
    'viewers busy': round(told.busy),
  })
  console.log(JSON.stringify(rows.at(-1)))
  const bad = told.lost + told.closed + told.refused
  goal(`${name}: lost, closed or refused`, '0', String(bad), bad === 0)
  const late = `${round(lateMs)} ms; longest turn ${round(cpuMs)} ms of CPU`
  if (isPrompt) goal(`${name}: loop delay`, `≤ ${GOALS.lateMs} ms`, late, lateMs <= GOALS.lateMs)
  if (name === 'all come back at once')
    goal(name, `≤ ${GOALS.backSeconds} s`, `${round(tookSeconds)} s`, tookSeconds <= GOALS.backSeconds)
}

function goal(name, wanted, measured, met) {
  goals.push({ goal: name, wanted, measured, met })
}

/** Somebody has watched before, and gone: what a cold process takes for its first plan (40 to 100 ms) is no matter of the crowd. */
async function firstViewer() {
  const leaving = new AbortController()
  const headers = { 'content-type': 'application/json', accept: 'text/event-stream' }
  const body = JSON.stringify({ query: QUERY, variables: { room: 'r0', as: 0 } })
  const url = `http://127.0.0.1:${gateway.port}/graphql`
  const answer = await fetch(url, { method: 'POST', headers, body, signal: leaving.signal })
  for await (const chunk of answer.body) if (Buffer.from(chunk).includes('"seq"')) break
  leaving.abort()
}

async function subscribe() {
  await crowd.subscribe()
  await everybodyHears()
}

function churn() {
  return crowd.churn({ ...where, perSecond, seconds, whole: values.whole })
}

/** R14: what they ask is the same under the new one, so nobody notices. */
async function reload() {
  composeInto(supergraph, 'reloaded')
  await serves(gateway.port, 'reloaded')
  await pause(7_000) // longer than the window over which what became invalid is closed
}

/** Until the room has no upstream any more: the group is over with its last viewer. The gateway is asked for nothing meanwhile. */
async function cutOff() {
  await crowd.cut()
  await pause(50)
  for (let tries = 0; tries < 1_200 && (await asked()).upstreams > 0; tries++) await pause(50)
}

/** What the gateway and the room hold now, after a collection. */
async function remembered(step) {
  await pause(1_000) // the last of those who left are still being closed
  const { heapMiB, rssMiB } = await probe('/collected')
  const { live_groups = 0, live_viewers = 0, live_upstreams = 0, socket_open = 0 } = await gauges(gateway.port)
  const row = {
    step,
    'heap MiB': round(heapMiB),
    'RSS MiB': round(rssMiB),
    groups: live_groups,
    viewers: live_viewers,
    upstreams: live_upstreams,
    sockets: socket_open,
    "the room's upstreams": (await asked()).upstreams,
  }
  rows.push(row)
  return row
}

/** As long as more of them hear something within a minute. */
async function everybodyHears() {
  let most = 0
  for (let idle = 0; idle < 600; idle++) {
    const { seen } = await crowd.tell()
    if (seen >= viewers) return
    if (seen > most) idle = 0
    most = seen
    await pause(100)
  }
  const { closed, refused } = await crowd.tell()
  throw new Error(`only ${most} hear anything; ${closed} were closed and ${refused} refused`)
}

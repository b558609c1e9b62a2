// npm run bench:gateway -- [flags]: our gateway beside its peers on one core each in turn, the load and the subgraphs on the other. Every answer is compared
// before anything is measured; an answer that differs ends the run.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { OPERATIONS, PORTS } from './graph.mjs'
import { started, stopped, usage } from './processes.mjs'

const HELP = `npm run bench:gateway -- [flags]
  --operations heavy,list,one,mutation   what is asked
  --traffic same,variables,tokens        equal requests, 50 different variables, 50 different tokens
  --gateways daihuo,daihuo-alone,daihuo-sharing,apollo,hive,hive-rust,hive-sharing,hive-rust-sharing
  --rounds 3        of each, in turn
  --seconds 5       measured in a round, after half as many of warming up
  --connections 50
  --json FILE       every round's figures
Answers are compared first; one that differs ends the run.`
const here = import.meta.dirname
const root = resolve(here, '../..')
const { values } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
    connections: { type: 'string', default: '50' },
    operations: { type: 'string', default: 'heavy,list,one,mutation' },
    traffic: { type: 'string', default: 'same,variables,tokens' },
    gateways: {
      type: 'string',
      default: 'daihuo,daihuo-alone,daihuo-sharing,apollo,hive,hive-rust,hive-sharing,hive-rust-sharing',
    },
    json: { type: 'string' },
  },
})
if (values.help) {
  console.log(HELP)
  process.exit()
}
prepare()
const folder = mkdtempSync(join(tmpdir(), 'bench-gateway-'))
const supergraph = join(folder, 'supergraph.graphql')
const node = process.execPath
const hive = (port, env) => ({
  port,
  command: node,
  args: [
    join(here, '../node_modules/.bin/hive-gateway'),
    'supergraph',
    supergraph,
    '-c',
    join(here, 'hive.config.mjs'),
    '-p',
    String(port),
    '-h',
    '127.0.0.1',
  ],
  env,
})
const ours = (port, config) => ({
  port,
  command: node,
  args: [
    join(root, 'dist/gateway/main.js'),
    '--supergraph',
    supergraph,
    '--port',
    String(port),
    '--config',
    join(here, config),
    '--log',
    'warn',
  ],
  env: {},
})
const GATEWAYS = {
  daihuo: ours(4310, 'daihuo.json'),
  'daihuo-sharing': ours(4311, 'daihuo-sharing.json'),
  'daihuo-alone': ours(4317, 'daihuo-alone.json'),
  apollo: { port: 4312, command: node, args: [join(here, 'apollo-gateway.mjs'), supergraph, '4312'], env: {} },
  hive: hive(4313, {}),
  'hive-rust': hive(4314, { BENCH_RUST: '1' }),
  'hive-sharing': hive(4315, { BENCH_SHARING: '1' }),
  'hive-rust-sharing': hive(4316, { BENCH_RUST: '1', BENCH_SHARING: '1' }),
}
const chosen = values.gateways.split(',').map((name) => ({ name, ...GATEWAYS[name] }))
const asks = (port) => async () =>
  (
    await fetch(`http://127.0.0.1:${port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{__typename}"}',
    })
  ).ok

execFileSync(node, [join(here, 'compose.mjs'), supergraph], { stdio: 'inherit' })
const subgraphs = await started(1, node, [join(here, 'subgraphs.mjs')], {
  ready: async () => (await fetch(`http://127.0.0.1:${PORTS.users}/asked`)).ok,
})
const results = []
try {
  await answersAreEqual()
  for (const operation of values.operations.split(','))
    for (const traffic of values.traffic.split(',')) {
      if (operation === 'mutation' && traffic !== 'variables') continue
      for (let round = 1; round <= Number(values.rounds); round++)
        for (const gateway of chosen) {
          console.error(`${operation}, ${traffic}, round ${round}: ${gateway.name}`)
          results.push(await measured(gateway, operation, traffic, round))
        }
      report(operation, traffic)
    }
} finally {
  await stopped(subgraphs)
}
if (values.json) writeFileSync(values.json, JSON.stringify({ node: process.version, results }, null, 1))

async function running(gateway, work) {
  const child = await started(0, gateway.command, gateway.args, { env: gateway.env, ready: asks(gateway.port) })
  try {
    return await work(child)
  } finally {
    await stopped(child)
  }
}

async function answersAreEqual() {
  const answers = new Map()
  for (const gateway of chosen)
    await running(gateway, async () => {
      for (const [name, operation] of Object.entries(OPERATIONS)) {
        const response = await fetch(`http://127.0.0.1:${gateway.port}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: body(operation, 4),
        })
        const text = JSON.stringify(JSON.parse(await response.text()).data)
        const first = answers.get(name) ?? text
        answers.set(name, first)
        if (text !== first || text === undefined)
          throw new Error(`${gateway.name} answers ${name} otherwise:\n${text?.slice(0, 400)}\n${first.slice(0, 400)}`)
      }
    })
  for (const [name, text] of answers) console.log(`${name}: all ${chosen.length} answer the same ${text.length} bytes`)
}

function body(operation, n) {
  return JSON.stringify({ query: operation.query, variables: operation.variables(n) })
}

function wrk(gateway, bodies, tokens, seconds) {
  const args = [
    '-c',
    '1',
    'wrk',
    '-t1',
    `-c${values.connections}`,
    `-d${seconds}s`,
    '-s',
    join(here, 'ask.lua'),
    `http://127.0.0.1:${gateway.port}/graphql`,
    '--',
    bodies,
    String(tokens),
  ]
  return JSON.parse(execFileSync('taskset', args, { encoding: 'utf8' }).trim().split('\n').at(-1))
}

async function measured(gateway, name, traffic, round) {
  const bodies = join(folder, 'bodies.txt')
  writeFileSync(
    bodies,
    Array.from({ length: traffic === 'variables' ? 50 : 1 }, (_, n) =>
      body(OPERATIONS[name], traffic === 'variables' ? n : 4),
    ).join('\n') + '\n',
  )
  return await running(gateway, (child) => {
    const tokens = traffic === 'tokens' ? 50 : 1
    wrk(gateway, bodies, tokens, Math.max(2, Math.ceil(Number(values.seconds) / 2)))
    const before = usage(child.pid)
    const told = wrk(gateway, bodies, tokens, Number(values.seconds))
    const after = usage(child.pid)
    return {
      gateway: gateway.name,
      operation: name,
      traffic,
      round,
      perSecond: (told.requests / told.micros) * 1e6,
      cpuMicros: ((after.cpu - before.cpu) * 1e6) / told.requests,
      p50: told.p50 / 1000,
      p99: told.p99 / 1000,
      rss: after.rss,
      errors: told.errors,
    }
  })
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.trunc(numbers.length / 2)]
}

function report(operation, traffic) {
  const rows = chosen.map(({ name }) => {
    const mine = results.filter((one) => one.gateway === name && one.operation === operation && one.traffic === traffic)
    const of = (key) => median(mine.map((one) => one[key]))
    return {
      gateway: name,
      'req/s': of('perSecond'),
      'p50 ms': of('p50'),
      'p99 ms': of('p99'),
      'CPU µs/req': of('cpuMicros'),
      'RSS MiB': of('rss'),
      errors: mine.reduce((sum, one) => sum + one.errors, 0),
    }
  })
  const bases = ['daihuo', 'daihuo-alone'].flatMap((name) => rows.find((row) => row.gateway === name) ?? [])
  console.log(`\n${operation}, ${traffic}`)
  console.table(
    rows.map((row) => ({
      ...Object.fromEntries(
        Object.entries(row).map(([key, value]) => [
          key,
          typeof value === 'number' ? Number(value.toPrecision(4)) : value,
        ]),
      ),
      ...Object.fromEntries(
        bases.map((base) => [`${base.gateway} is × faster`, Number((base['req/s'] / row['req/s']).toPrecision(3))]),
      ),
    })),
  )
}

/** The peers' packages come at the first run; wrk and taskset from Debian. */
function prepare() {
  if (!existsSync(join(here, '../node_modules/@graphql-hive')))
    execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: join(here, '..'),
      stdio: 'inherit',
    })
  for (const program of ['wrk', 'taskset'])
    if (spawnSync('which', [program]).status !== 0)
      throw new Error(`${program} is needed (Debian: apt-get install ${program === 'wrk' ? 'wrk' : 'util-linux'})`)
}

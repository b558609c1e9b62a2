// npm run bench:growth -- [--ms 400] [--rounds 3]
// How the engine's time for a request grows with the answer, the entities and the subgraphs; and what a network in between
// costs: the same questions to the same subgraphs in this process and over HTTP, where what they take themselves is another
// process's time. Microseconds of this process's CPU for a request, the median of the rounds.
import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { composeServices } from '@apollo/composition'
import { parse } from 'graphql'
import { OPERATIONS, PORTS, SUBGRAPHS } from './gateway/graph.mjs'
import { answerOf, GROWN_PORT, itemsOf } from './grown-subgraphs.mjs'

const root = resolve(import.meta.dirname, '..')
const { values } = parseArgs({
  options: { ms: { type: 'string', default: '400' }, rounds: { type: 'string', default: '3' } },
})
const { openEngine } = await import(`${root}/dist/gateway/answer.js`)
const { networkSubgraphs } = await import(`${root}/dist/gateway/fetch/network-subgraphs.js`)
const { silent } = await import(`${root}/dist/platform/observe/observer.js`)
const { systemClock } = await import(`${root}/dist/platform/time/clock.js`)
const { systemChance } = await import(`${root}/dist/platform/time/chance.js`)
const { ANONYMOUS } = await import(`${root}/dist/schema/identity.js`)

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])'
const context = { who: ANONYMOUS, authorization: null, requestId: 'bench', signal: null }

function composed(parts, url = () => 'http://127.0.0.1:1') {
  const services = Object.entries(parts).map(([name, sdl]) => ({ name, url: url(name), typeDefs: parse(sdl) }))
  const { supergraphSdl, errors } = composeServices(services)
  if (supergraphSdl === undefined) throw new Error(String(errors?.[0]))
  return supergraphSdl
}

/** CPU µs of one request, after a warm-up. */
async function perRequest(engine, text, variables = null) {
  const ask = () => engine.answer({ text, operationName: null, variables, context })
  const { body } = await ask()
  if (body.includes('"errors"')) throw new Error(body.slice(0, 300))
  const rounds = []
  for (let round = 0; round <= Number(values.rounds); round++) {
    const until = performance.now() + Number(values.ms)
    const before = process.cpuUsage()
    let count = 0
    while (performance.now() < until) {
      await ask()
      count++
    }
    const { user, system } = process.cpuUsage(before)
    if (round > 0) rounds.push((user + system) / count)
  }
  return { micros: rounds.toSorted((a, b) => a - b)[Math.trunc(rounds.length / 2)], bytes: Buffer.byteLength(body) }
}

/**
 * What the same data costs without any gateway: it is copied as a subgraph makes it and written once. A machine reads and collects much
 * data more slowly than little, and this shows by how much: what grows along with it is linear.
 */
function plainly(data) {
  const rounds = []
  for (let round = 0; round <= Number(values.rounds); round++) {
    const until = performance.now() + Number(values.ms) / 2
    const before = process.cpuUsage()
    let count = 0
    while (performance.now() < until) {
      if (JSON.stringify(copied(data)) === '') throw new Error('nothing was written')
      count++
    }
    const { user, system } = process.cpuUsage(before)
    if (round > 0) rounds.push((user + system) / count)
  }
  return rounds.toSorted((a, b) => a - b)[Math.trunc(rounds.length / 2)]
}

const row = (name, { micros, bytes }, unit) => ({
  [name]: unit,
  'answer KB': Math.round(bytes / 102.4) / 10,
  'µs/request': Math.round(micros),
  'µs/KB': Math.round((micros / bytes) * 10240) / 10,
})

/** A row with what its data costs without a gateway. */
const beside = (cells, micros, plain, over) => ({
  ...cells,
  ...over,
  'copied and written µs': Math.round(plain),
  'times that': Math.round((micros / plain) * 10) / 10,
})

const overHttp = ({ micros }, units, unit) => ({
  'over HTTP µs': Math.round(micros),
  [`over HTTP µs/${unit}`]: Math.round((micros / units) * 100) / 100,
})

/** A copy of JSON in ordinary objects, as a parser or a resolver makes them. */
function copied(value) {
  if (Array.isArray(value)) return value.map(copied)
  if (typeof value !== 'object' || value === null) return value
  const made = {}
  for (const key in value) made[key] = copied(value[key])
  return made
}

/** A process of subgraphs that says when it listens. */
async function ready(file) {
  const child = spawn(process.execPath, [resolve(import.meta.dirname, file)], { stdio: ['ignore', 'pipe', 'inherit'] })
  await new Promise((listens) => child.stdout.once('data', listens))
  return child
}

const overNetwork = (urlOf) =>
  networkSubgraphs({
    urlOf,
    key: null,
    timeoutMs: () => 10_000,
    mostBytes: 1 << 25,
    mostWaiting: 100,
    clock: systemClock,
    chance: systemChance,
    observer: silent,
  })

/** Subgraphs that answer from memory, each time with objects of their own, as resolvers would. */
const fromMemory = (answerOf) => ({
  ask: (request) => Promise.resolve(copied(answerOf(request))),
  subscribe: () => Promise.reject(new Error('none here')),
})

/** Behind HTTP, in another process, whose time is not counted. */
async function grownOverHttp() {
  const child = await ready('grown-subgraphs.mjs')
  const origin = `http://127.0.0.1:${GROWN_PORT}`
  const network = overNetwork((name) => `${origin}/${name}`)
  return {
    async of(supergraph, query, count) {
      await fetch(`${origin}/?count=${count}`)
      return await perRequest(openEngine({ supergraph, subgraphs: network, observer: silent, sharing: false }), query)
    },
    async stop() {
      child.kill()
      await network.stop()
    },
  }
}

async function growsWithAnswer(http) {
  const supergraph = composed({
    a: `${LINK} type Query { items: [Item!] } type Item { id: ID! name: String price: Int text: String }`,
  })
  const rows = []
  for (const count of [10, 100, 1_000, 10_000]) {
    const items = itemsOf(count)
    const engine = openEngine({
      supergraph,
      subgraphs: fromMemory((request) => answerOf(request, items)),
      observer: silent,
      sharing: false,
    })
    const query = '{ items { id name price text } }'
    const spent = await perRequest(engine, query)
    const over = await http.of(supergraph, query, count)
    rows.push(
      beside(
        row('items', spent, count),
        spent.micros,
        plainly({ data: { items } }),
        overHttp(over, over.bytes / 1024, 'KB'),
      ),
    )
  }
  console.log('\nThe answer grows')
  console.table(rows)
}

/** One list of entities whose fields stand in so many subgraphs. */
function spread(subgraphs, entities, http = null) {
  const parts = { first: `${LINK} type Query { items: [Item!] } type Item @key(fields: "id") { id: ID! }` }
  for (let at = 1; at < subgraphs; at++)
    parts[`s${at}`] = `${LINK} type Item @key(fields: "id") { id: ID! f${at}: Int }`
  const items = Array.from({ length: entities }, (_, at) => ({ __typename: 'Item', id: String(at) }))
  const supergraph = composed(parts)
  const engine = openEngine({
    supergraph,
    subgraphs: fromMemory((request) => answerOf(request, items)),
    observer: silent,
    sharing: false,
  })
  const fields = Array.from({ length: subgraphs - 1 }, (_, at) => `f${at + 1}`).join(' ')
  const query = `{ items { id ${fields} } }`
  return http === null ? perRequest(engine, query) : http.of(supergraph, query, entities)
}

async function growsWithEntities(http) {
  const rows = []
  for (const count of [1, 10, 100, 1_000, 10_000]) {
    const { micros, bytes } = await spread(2, count)
    const over = await spread(2, count, http)
    // Of one entity three things are made: what the first subgraph knows, what is asked of the second, and what that answers.
    const parts = [{ __typename: 'Item', id: '1' }, { __typename: 'Item', id: '1' }, { f1: 1 }]
    const plain = plainly(Array.from({ length: count }, (_, at) => parts.map((part) => ({ ...part, id: String(at) }))))
    const cells = row('entities', { micros, bytes }, count)
    rows.push(
      beside(
        { ...cells, 'µs/entity': Math.round((micros / count) * 100) / 100 },
        micros,
        plain,
        overHttp(over, count, 'entity'),
      ),
    )
  }
  console.log('\nThe entities of one hop grow')
  console.table(rows)
}

async function growsWithSubgraphs() {
  const rows = []
  for (const count of [2, 5, 10, 20, 30, 40, 50]) {
    const { micros, bytes } = await spread(count, 20)
    rows.push({ ...row('subgraphs', { micros, bytes }, count), 'µs/subgraph': Math.round((micros / count) * 10) / 10 })
  }
  console.log('\nThe subgraphs of 20 entities grow')
  console.table(rows)
}

async function inProcessAndOverHttp() {
  const child = await ready('gateway/subgraphs.mjs')
  const supergraph = composed(
    Object.fromEntries(Object.entries(SUBGRAPHS).map(([name, { typeDefs }]) => [name, typeDefs])),
    (name) => `http://127.0.0.1:${PORTS[name]}/graphql`,
  )
  const network = overNetwork((name) => `http://127.0.0.1:${PORTS[name]}/graphql`)
  const known = new Map()
  /** What the subgraphs themselves take in this process; over HTTP that is another process's time. */
  let theirsMs = 0
  const memory = {
    async ask(request) {
      const began = performance.now()
      const key = request.query + JSON.stringify(request.variables)
      if (!known.has(key)) known.set(key, copied(await network.ask(request)))
      const answer = copied(known.get(key))
      theirsMs += performance.now() - began
      return answer
    },
    subscribe: network.subscribe,
  }
  const rows = []
  for (const name of ['heavy', 'list', 'one']) {
    const { query, variables } = OPERATIONS[name]
    const [http, inProcess] = [network, memory].map((subgraphs) =>
      openEngine({ supergraph, subgraphs, observer: silent, sharing: false }),
    )
    const over = await perRequest(http, query, variables(4))
    theirsMs = 0
    const began = performance.now()
    const within = await perRequest(inProcess, query, variables(4))
    const ours = within.micros * (1 - theirsMs / (performance.now() - began))
    rows.push({
      operation: name,
      'in process µs': Math.round(within.micros),
      'of it ours': Math.round(ours),
      'over HTTP µs': Math.round(over.micros),
      ratio: Math.round((over.micros / within.micros) * 10) / 10,
      'ratio of ours': Math.round((over.micros / ours) * 10) / 10,
    })
  }
  console.log('\nThe same subgraphs in process and over HTTP')
  console.table(rows)
  child.kill()
  await network.stop()
}

const http = await grownOverHttp()
await growsWithAnswer(http)
await growsWithEntities(http)
await http.stop()
await growsWithSubgraphs()
await inProcessAndOverHttp()
process.exit(0)

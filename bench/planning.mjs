// How long planning takes: against the size of the operation, and against the number of subgraphs.
// `npm run bench:planning`; both figures should grow about as their column does.
import { composeServices } from '@apollo/composition'
import { parse } from 'graphql'
import { openSupergraph } from '../dist/gateway/supergraph/supergraph.js'
import { readOperation } from '../dist/gateway/operation/read-operation.js'
import { readDocument } from '../dist/gateway/operation/read-document.js'
import { plannerOf } from '../dist/gateway/plan/planner-of.js'
import { apolloPlanner } from '../dist/gateway/plan/apollo-planner.js'
import { preparePlan } from '../dist/gateway/plan/prepare.js'

const ROUNDS = 9
const MOST = 1_000_000

/** Subgraphs that each add a field with a requirement, plain fields and a way to another entity. */
function supergraph(count) {
  const services = Array.from({ length: count }, (_, at) => {
    const before = at === 0 ? '' : `f${at - 1}: Int @external sum${at}: Int @requires(fields: "f${at - 1}")`
    const root = at === 0 ? 'type Query { node: Node nodes: [Node!]! }' : ''
    const sdl = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@external", "@requires", "@shareable"])
      ${root} type Node @key(fields: "id") { id: ID! f${at}: Int g${at}: String both: Int @shareable next${at}: Node value${at}: Value ${before} }
      type Value @shareable { a: Int b: Int }`
    return { name: `s${at}`, url: `http://s${at}.test`, typeDefs: parse(sdl) }
  })
  const { supergraphSdl, errors } = composeServices(services)
  if (errors) throw new Error(errors.map(String).join('\n'))
  return openSupergraph(supergraphSdl)
}

/** An operation of about so many fields, over so many subgraphs, four levels deep. */
function operation(fields, subgraphs) {
  let left = fields
  const level = (depth, seed) => {
    const parts = []
    for (let at = 0; at < 8 && left > 0; at++) {
      left--
      const one = (seed * 7 + at) % subgraphs
      parts.push(['f', 'g', one === 0 ? 'f' : 'sum'][at % 3] + one)
    }
    if (depth < 3)
      for (let at = 0; at < 3 && left > 0; at++) {
        left--
        parts.push(`x${at}: next${(seed + at) % subgraphs} { id ${level(depth + 1, seed * 3 + at + 1)} }`)
      }
    return parts.join(' ')
  }
  let roots = ''
  for (let at = 0; left > 0; at++) roots += ` r${at}: ${at % 2 ? 'nodes' : 'node'} { id ${level(0, at)} }`
  return `{${roots} }`
}

/** Milliseconds to plan a document that was read, the median of some rounds. */
function planned(graph, planner, text) {
  const read = readOperation(graph.api, readDocument(graph.api, text, MOST), null, MOST)
  const times = []
  let fetches = null
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now()
    try {
      fetches = fetchesOf(preparePlan(graph.api, planner, read, new Map(), new Map(), null).root)
    } catch {
      fetches = null
    }
    times.push(performance.now() - start)
    if (times[0] > 2_000) break
  }
  return { ms: times.sort((one, other) => one - other)[Math.floor(times.length / 2)], fetches }
}

function fetchesOf(node) {
  if (node === null) return 0
  switch (node.kind) {
    case 'fetch':
      return 1
    case 'graph':
      return node.steps.length
    case 'condition':
      return fetchesOf(node.then) + fetchesOf(node.otherwise)
    default:
      return node.nodes.reduce((sum, one) => sum + fetchesOf(one), 0)
  }
}

function row(graph, label, fields, text) {
  const [ours, theirs] = [plannerOf(graph), apolloPlanner(graph)].map((planner) => planned(graph, planner, text))
  const cells = [
    label,
    ours.fetches ?? 'refused',
    ours.ms.toFixed(2),
    ((ours.ms * 1000) / fields).toFixed(1),
    theirs.fetches ?? 'refused',
    theirs.ms.toFixed(1),
  ]
  console.log(`| ${cells.join(' | ')} |`)
}

const HEAD = '| our fetches | ms | µs per field | Apollo’s fetches | ms |\n| ---: | ---: | ---: | ---: | ---: | ---: |'
const five = supergraph(5)
planned(five, plannerOf(five), operation(500, 5)) // warms the code up
console.log(`| fields (5 subgraphs) ${HEAD}`)
for (const fields of [10, 20, 50, 100, 200, 500, 1_000, 2_000]) row(five, fields, fields, operation(fields, 5))
console.log(`\n| subgraphs (100 fields) ${HEAD}`)
for (const count of [2, 5, 10, 20, 50]) row(supergraph(count), count, 100, operation(100, count))

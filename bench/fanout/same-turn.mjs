// npm run bench:same-turn -- [--questions 2000] [--rounds 3]
// What it costs an event that its questions wait for company until the turn of the event loop ends (`gateway/execute/same-turn.ts`):
// the same question over HTTP, asked at once and asked at the end of the turn, in alternating rounds. The loop is idle but for it, or
// has just begun to write an earlier event to a thousand lines: about ten milliseconds in one turn.
import { parseArgs } from 'node:util'
import { askedOnceInATurn } from '../../dist/gateway/execute/same-turn.js'
import { httpSubgraphs } from '../../dist/gateway/fetch/http-subgraphs.js'
import { silent } from '../../dist/platform/observe/observer.js'
import { systemClock } from '../../dist/platform/time/clock.js'
import { ANONYMOUS } from '../../dist/schema/identity.js'
import { stopped } from '../gateway/processes.mjs'
import { PORTS } from './graph.mjs'
import { round } from './goals.mjs'
import { pause, startSubgraphs } from './live.mjs'

const { values } = parseArgs({
  options: { questions: { type: 'string', default: '2000' }, rounds: { type: 'string', default: '3' } },
})
const [questions, rounds] = [values.questions, values.rounds].map(Number)
const FAN_OUT_MS = 10
const subgraphs = await startSubgraphs()
const http = httpSubgraphs({
  urlOf: (name) => `http://127.0.0.1:${PORTS[name]}/graphql`,
  key: null,
  timeoutMs: () => 10_000,
  mostBytes: 1_000_000,
  clock: systemClock,
  observer: silent,
})
const direct = { ask: (request) => http.ask(request), subscribe: () => Promise.reject(new Error('nobody subscribes')) }
const ways = { 'at once': direct, 'at the end of the turn': askedOnceInATurn(direct, silent) }
const loads = { idle: () => undefined, 'writing to 1,000 lines': () => void setImmediate(busy) }
try {
  const took = new Map()
  for (let at = 0; at <= rounds; at++)
    for (const [load, begin] of Object.entries(loads))
      for (const [way, { ask }] of Object.entries(ways)) {
        const times = await asked(ask, begin, load === 'idle' ? questions : Math.ceil(questions / 10))
        const key = JSON.stringify([load, way])
        if (at > 0) took.set(key, [...(took.get(key) ?? []), ...times]) // the first round is the compiler's
      }
  console.table(
    [...took].map(([key, times]) => {
      const [loop, way] = JSON.parse(key)
      const sorted = times.toSorted((a, b) => a - b)
      const at = (share) => round(sorted[Math.trunc(share * sorted.length)])
      return { loop, asked: way, questions: sorted.length, 'p50 ms': at(0.5), 'p99 ms': at(0.99) }
    }),
  )
} finally {
  await http.stop()
  await stopped(subgraphs)
}

async function asked(ask, begin, count) {
  const times = []
  for (let at = 0; at < count; at++) {
    await pause(1) // an event comes by itself, with nothing else in its turn
    const request = questionOf(at)
    begin()
    const began = performance.now()
    await ask(request)
    times.push(performance.now() - began)
  }
  return times
}

function questionOf(at) {
  return {
    subgraph: 'catalog',
    query: 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Product { title image description } } }',
    operationName: null,
    variables: { r: [{ __typename: 'Product', id: String(at % 10) }] },
    kind: 'query',
    context: { who: ANONYMOUS, authorization: null, requestId: 'bench', signal: null },
  }
}

function busy() {
  for (const until = performance.now() + FAN_OUT_MS; performance.now() < until;);
}

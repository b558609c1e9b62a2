import { compiledWriter } from '../../gateway/project/compiled.js'
import { ErrorList } from '../../gateway/project/error-list.js'
import { project } from '../../gateway/project/project.js'
import { RepresentationWriter } from '../../gateway/merge/representations.js'
import type { Thing } from '../../gateway/merge/tree.js'
import type { Requirement } from '../../gateway/plan/plan.js'
import { helpFor, readSettings, wholeBetween } from '../../platform/config/read-settings.js'
import { graphWithin, requestOf, type GraphWithin } from './graph-within.js'
import { measureWays, median, type Way } from './measure-ways.js'

/**
 * `npm run bench:techniques`: what three techniques of the engine spare, each beside the plain way to the same result, in alternating
 * rounds on the bench's graph within this process. Ends with 1 where the two ways differ.
 */
const SETTINGS = {
  ms: { flag: 'ms', read: wholeBetween(1, 60_000), default: 400, about: 'for each way in each round' },
  rounds: { flag: 'rounds', read: wholeBetween(1, 1_000), default: 9, about: 'that count, after one to warm' },
}

/** The technique, the plain way, and what else is measured beside them. */
interface Ways {
  readonly ours: Way
  readonly plain: Way
  readonly beside?: Way
}

/** A table of the report: its columns, and the ways that its rows measure. */
interface Question {
  readonly columns: readonly string[]
  readonly cases: Readonly<Record<string, () => Ways | Promise<Ways>>>
}

const OPERATIONS = ['heavy', 'list', 'one']
const ENTITIES = [20, 1_000]
/** What a subgraph is asked about a product: its key. */
const REQUIRED: readonly Requirement[] = [
  {
    kind: 'on',
    type: 'Product',
    typename: 'Product',
    below: ['__typename', 'upc'].map((name) => ({ kind: 'field', name, as: name, below: null })),
  },
]

if (process.argv.includes('--help')) console.log(`npm run bench:techniques -- [settings]\n\n${helpFor(SETTINGS)}`)
else await run()

async function run(): Promise<void> {
  const trial = readSettings(SETTINGS, { args: process.argv.slice(2), env: process.env })
  for (const { columns, cases } of questions(graphWithin())) {
    console.log(`\n| ${columns.join(' | ')} |\n|${' --- |'.repeat(columns.length)}`)
    for (const [name, waysOf] of Object.entries(cases)) {
      const { ours, plain, beside } = await waysOf()
      const [our = [], their = [], other] = await measureWays([ours, plain, ...(beside ? [beside] : [])], trial)
      const ratio = median(their.map((micros, round) => micros / (our[round] ?? NaN)))
      const cells = [
        shown(median(our)),
        shown(median(their)),
        ratio.toFixed(2),
        ...(other ? [shown(median(other))] : []),
      ]
      console.log(`| ${name} | ${cells.join(' | ')} |`)
    }
  }
}

function questions(graph: GraphWithin): readonly Question[] {
  return [
    {
      columns: ['operation', 'known, µs', 'made ready anew, µs', 'ratio'],
      cases: casesOf(OPERATIONS, (name) => madeReadyOnce(graph, name)),
    },
    {
      columns: ['answer', 'compiled writer, µs', 'plain form, µs', 'ratio', 'JSON.stringify alone, µs'],
      cases: casesOf(OPERATIONS, (name) => writtenStraight(graph, name)),
    },
    {
      columns: [
        'entities, half of them equal',
        'list.text(), µs',
        'objects, a Map of JSON and JSON.stringify, µs',
        'ratio',
      ],
      cases: casesOf(ENTITIES, (count) => representedOnce(graph, count)),
    },
  ]
}

function casesOf<T extends string | number>(
  names: readonly T[],
  waysOf: (name: T) => Ways | Promise<Ways>,
): Question['cases'] {
  return Object.fromEntries(names.map((name) => [`${name}`, () => waysOf(name)]))
}

/** Text that was seen before, and text that nobody has seen: parsed, validated, planned and prepared, then run. */
async function madeReadyOnce({ engine }: GraphWithin, operation: string): Promise<Ways> {
  const request = requestOf(operation)
  let unseen = 0
  const ours = async (): Promise<string> => (await engine.answer(request)).body
  const plain = async (): Promise<string> =>
    (await engine.answer({ ...request, text: `${request.text} #${unseen++}` })).body
  alike(await ours(), await plain())
  alike(await ours(), await plain()) // the second time is by the compiled writer
  return { ours: async () => sent(await ours()), plain: async () => sent(await plain()) }
}

/** The same filled tree, written with its fields known and by walking its shape; beside them its finished data, cut to no shape. */
async function writtenStraight(graph: GraphWithin, operation: string): Promise<Ways> {
  const { shape, tree } = await graph.filled(requestOf(operation))
  const write = compiledWriter(shape)
  const ours = (): string | null => write?.(tree) ?? null
  const plain = (): string | null => project(shape, tree, new Map(), new ErrorList())
  const data: unknown = JSON.parse(plain() ?? 'null')
  const beside = (): string => JSON.stringify(data)
  alike(ours(), plain())
  alike(ours(), beside())
  return { ours: () => sent(ours()), plain: () => sent(plain()), beside: () => sent(beside()) }
}

/** Equal entities are sent once, and whom each is for is kept. */
function representedOnce({ supergraph }: GraphWithin, count: number): Ways {
  const things = Array.from({ length: count }, (_, at) => ({
    __typename: 'Product',
    upc: String(at % (count / 2)),
    name: `Product ${at}`,
  }))
  const writer = new RepresentationWriter(REQUIRED, 'inventory', supergraph)
  const ours = (): string => writer.write(things).list.text()
  const plain = (): string => plainly(things).text
  alike(ours(), plain())
  alike(JSON.stringify(writer.write(things).owners), JSON.stringify(plainly(things).owners))
  return { ours: () => sent(ours()), plain: () => sent(plain()) }
}

function plainly(things: readonly Thing[]): { readonly text: string; readonly owners: readonly (readonly Thing[])[] } {
  const places = new Map<string, number>()
  const unique: Thing[] = []
  const owners: Thing[][] = []
  for (const it of things) {
    const representation = { __typename: it['__typename'], upc: it['upc'] }
    const key = JSON.stringify(representation)
    const known = places.get(key)
    if (known !== undefined) owners[known]?.push(it)
    else {
      places.set(key, unique.push(representation) - 1)
      owners.push([it])
    }
  }
  return { text: JSON.stringify(unique), owners }
}

/** As bytes: a text that was put together of pieces is one only when somebody reads it, and that belongs to its price. */
function sent(text: string | null): Buffer {
  return Buffer.from(text ?? '')
}

function alike(one: string | null, other: string | null): void {
  if (one === null || one !== other || one.includes('"errors"'))
    throw new Error(`the two ways differ:\n${String(one).slice(0, 300)}\n${String(other).slice(0, 300)}`)
}

function shown(micros: number): string {
  return micros.toFixed(micros < 10 ? 2 : micros < 100 ? 1 : 0)
}

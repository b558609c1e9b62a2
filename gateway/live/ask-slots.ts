import { Failure } from '../../platform/failure.js'
import type { Observer } from '../../platform/observe/observer.js'
import type { FetchContext, SubgraphAnswer, Subgraphs } from '../fetch/ask-subgraph.js'
import type { Slot } from './slots.js'
import type { Hole } from './slotted-answer.js'

/** What many viewers' slots of one event are filled with. */
export interface SlotValues {
  /** For each member the JSON texts in the order of the holes. */
  readonly of: ReadonlyMap<string, readonly string[]>
  /** Slots that could not be asked. */
  readonly failed: ReadonlySet<Slot>
}

/** Members in one question at most: its bytes stay far below what a subgraph reads. */
const MOST_MEMBERS = 20_000

/** One question to each subgraph for all members and objects, in the gateway's own name: which members ask is its word, and no client can say it. */
export async function askSlots(
  { subgraphs, observer }: { readonly subgraphs: Subgraphs; readonly observer: Observer },
  holes: readonly Hole[],
  asked: { readonly members: readonly string[]; readonly context: FetchContext },
): Promise<SlotValues> {
  const of = new Map(asked.members.map((member) => [member, holes.map(() => 'null')]))
  const failed = new Set<Slot>()
  const questions = byRule(holes)
  for (let from = 0; from < asked.members.length; from += MOST_MEMBERS) {
    const members = asked.members.slice(from, from + MOST_MEMBERS)
    await Promise.all(
      questions.map(async (places) => {
        try {
          const ids = [...new Set(places.map(({ hole }) => hole.id))]
          const table = await answered(subgraphs, places, { ...asked, members, ids })
          members.forEach((member, row) => {
            const texts = of.get(member) ?? []
            for (const { hole, at } of places)
              texts[at] = hole.slot.write(table[row]?.[ids.indexOf(hole.id)] ?? null) ?? 'null'
          })
        } catch (error) {
          observer.count('live.slots.failed')
          observer.log('warn', 'the slots of an event could not be asked', { error })
          for (const { hole } of places) failed.add(hole.slot)
        }
      }),
    )
  }
  return { of, failed }
}

interface Place {
  readonly hole: Hole
  /** Its number among all holes of the answer. */
  readonly at: number
}

function byRule(holes: readonly Hole[]): readonly (readonly Place[])[] {
  const questions = new Map<string, Place[]>()
  for (const [at, hole] of holes.entries()) {
    const { subgraph, field } = hole.slot.rule
    const key = `${subgraph} ${field}`
    const places = questions.get(key)
    if (places === undefined) questions.set(key, [{ hole, at }])
    else places.push({ hole, at })
  }
  return [...questions.values()]
}

async function answered(
  subgraphs: Subgraphs,
  [first]: readonly Place[],
  {
    members,
    ids,
    context,
  }: { readonly members: readonly string[]; readonly ids: readonly string[]; readonly context: FetchContext },
): Promise<readonly (readonly unknown[])[]> {
  const { subgraph, field } = first?.hole.slot.rule ?? { subgraph: '', field: '' }
  const answer = await subgraphs.ask({
    subgraph,
    query: `query Slots($members: [ID!]!, $ids: [ID!]!) { slots: ${field}(members: $members, ids: $ids) }`,
    operationName: 'Slots',
    variables: { members, ids },
    kind: 'query',
    context,
  })
  return readTable(answer, subgraph, { rows: members.length, columns: ids.length })
}

/** A table of the wrong size is a wrong answer: its rows would be given to the wrong members. */
function readTable(
  { data, errors }: SubgraphAnswer,
  subgraph: string,
  { rows, columns }: { readonly rows: number; readonly columns: number },
): readonly (readonly unknown[])[] {
  const table: unknown = typeof data === 'object' && data !== null && 'slots' in data ? data.slots : null
  if (errors !== undefined || !Array.isArray(table) || table.length !== rows)
    throw new Failure('SUBGRAPH_UNAVAILABLE', `subgraph ${subgraph} did not answer for ${rows} viewers`)
  return table.map((row: unknown) => {
    if (Array.isArray(row) && row.length === columns) return row as readonly unknown[]
    throw new Failure('SUBGRAPH_UNAVAILABLE', `subgraph ${subgraph} did not answer for ${columns} objects`)
  })
}

import { fields, list, maybe, text, whole, type Fields } from '../../platform/decode.js'
import { Failure } from '../../platform/failure.js'
import { pause, type Clock } from '../../platform/time/clock.js'
import type { Ask } from '../../schema/ask.js'
import { act, nodesOf, read } from '../client/deed.js'

/** The fields by which a partner's books are compared with ours. */
export interface BooksFields {
  readonly compare: string
  readonly compareInput: string
  readonly day: string
  readonly differences: string
  /** Who is named in each question; null where the fields are one partner's own. */
  readonly partner: string | null
}

/** The partners whose connector fetches their books, by name. */
export const BOOKS: ReadonlyMap<string, BooksFields> = new Map([
  [
    'kuaishou',
    {
      ...{ compare: 'compareKuaishouDay', compareInput: 'CompareKuaishouDayInput' },
      ...{ day: 'kuaishouDay', differences: 'kuaishouDifferences', partner: null },
    },
  ],
])

/** The fields for a partner: those of its connector, or else those for partners who hand in their day. */
export function booksOf(partner: string): BooksFields {
  return (
    BOOKS.get(partner) ?? {
      ...{ compare: 'comparePartnerDay', compareInput: 'ComparePartnerDayInput' },
      ...{ day: 'partnerDay', differences: 'partnerDifferences', partner },
    }
  )
}

/** A difference that waits for a person. */
export interface OpenDifference {
  readonly number: number
  readonly order: string
  readonly what: string
  readonly ours: string
  readonly theirs: string
}

/** What a day came to. */
export interface ComparedDay {
  readonly orders: number
  readonly undecided: number
  readonly oursMinor: number
  readonly theirsMinor: number
  readonly open: readonly OpenDifference[]
}

const LOOK_MS = 200
const AGAIN_MS = 10_000

/** Asks the shop to compare a day, waits until it has, and reads what is open. `ask` is an operator's. */
export async function compareDay(
  ask: Ask,
  { books, day, clock, withinMs }: { books: BooksFields; day: string; clock: Clock; withinMs: number },
): Promise<ComparedDay> {
  const askedAt = await begin(ask, books, day)
  const last = clock.monotonicMs() + withinMs
  let again = clock.monotonicMs() + AGAIN_MS
  for (;;) {
    const result = await dayOf(ask, books, day)
    if (result !== null && Date.parse(text(result['comparedAt'], 'comparedAt')) >= askedAt)
      return { ...figures(result), open: await openOf(ask, books, day) }
    if (clock.monotonicMs() > last)
      throw new Failure('PARTNER_UNAVAILABLE', `the comparison of ${day} has not ended after ${withinMs} ms`)
    await pause(clock, LOOK_MS)
    if (clock.monotonicMs() < again) continue
    await begin(ask, books, day)
    again = clock.monotonicMs() + AGAIN_MS
  }
}

/** Joins the comparison under way, or begins one: that of a moment ago may have died with its process or for want of an answer. */
async function begin(ask: Ask, books: BooksFields, day: string): Promise<number> {
  const asked = await act(
    ask,
    `mutation Compare($input: ${books.compareInput}!) { ${books.compare}(input: $input) { askedAt errors { code message } } }`,
    { input: books.partner === null ? { day } : { day, partner: books.partner } },
  )
  return Date.parse(text(asked['askedAt'], 'askedAt'))
}

async function dayOf(ask: Ask, books: BooksFields, day: string): Promise<Fields | null> {
  const { data, errors } = await ask({
    query: `query Day($day: String!${declared(books)}) { ${books.day}(day: $day${given(books)}) { comparedAt orders undecided ours { amountMinor } theirs { amountMinor } } }`,
    variables: { day, ...named(books) },
  })
  const [fault] = errors
  if (fault !== undefined) throw new Failure(fault.code, fault.message)
  return maybe(fieldsOf(data)[books.day], books.day, fieldsOf)
}

function figures(day: Fields): Omit<ComparedDay, 'open'> {
  const minor = (name: string): number => whole(fieldsOf(day[name])['amountMinor'], name)
  return {
    ...{ orders: whole(day['orders'], 'orders'), undecided: whole(day['undecided'], 'undecided') },
    ...{ oursMinor: minor('ours'), theirsMinor: minor('theirs') },
  }
}

async function openOf(ask: Ask, books: BooksFields, day: string): Promise<readonly OpenDifference[]> {
  const found: OpenDifference[] = []
  let after: string | null = null
  do {
    const page: Fields = await read(
      ask,
      `query Open($day: String!, $after: String${declared(books)}) { ${books.differences}(first: 100, after: $after, day: $day, state: OPEN${given(books)}) {
        edges { node { number partnerOrder what ours theirs } } pageInfo { hasNextPage endCursor } } }`,
      { day, after, ...named(books) },
    )
    found.push(...list(nodesOf(page, 'differences'), 'differences', openDifference))
    const info = fieldsOf(page['pageInfo'])
    after = info['hasNextPage'] === true ? text(info['endCursor'], 'endCursor') : null
  } while (after !== null)
  return found
}

const declared = ({ partner }: BooksFields): string => (partner === null ? '' : ', $partner: String')
const given = ({ partner }: BooksFields): string => (partner === null ? '' : ', partner: $partner')
const named = ({ partner }: BooksFields): object => (partner === null ? {} : { partner })

function openDifference(value: unknown): OpenDifference {
  const it = fieldsOf(value)
  return {
    ...{ number: whole(it['number'], 'number'), order: text(it['partnerOrder'], 'partnerOrder') },
    what: text(it['what'], 'what'),
    ...{ ours: text(it['ours'], 'ours', { least: 0 }), theirs: text(it['theirs'], 'theirs', { least: 0 }) },
  }
}

function fieldsOf(value: unknown): Fields {
  return fields(value, 'the answer')
}

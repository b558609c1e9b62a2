import { misread, text, whole } from '../../../platform/decode.js'
import type { Database } from '../../../platform/db/database.js'
import type { Identity } from '../../../schema/identity.js'
import { refuse } from '../../../schema/refuse.js'
import { pageOf, pageRequest, type Page, type PageArgs } from '../graph/page.js'
import { beijingDay } from './book-day.js'
import {
  COMPARISON,
  pageDifferences,
  readAgreedDay,
  settleDifference,
  type DeedRow,
  type DifferenceRow,
  type DifferenceState,
  type PartnerDay,
} from './difference-rows.js'
import type {
  ComparedDayFields,
  DifferenceDeedType,
  DifferenceFields,
  SettleDifferenceFields,
} from './difference-types.js'

/** A difference as its row says it. */
export type DifferenceValue = DifferenceFields & { readonly partner: string }

/** What a day's last comparison came to, in money of one currency; null when it never was compared. */
export async function comparedDay(
  db: Database,
  schema: string,
  { partner, day, currency }: PartnerDay & { readonly currency: string },
): Promise<(ComparedDayFields & { readonly partner: string }) | null> {
  const row = await readAgreedDay(db, schema, { partner, day: beijingDay(day).day })
  if (row === null) return null
  const money = (amountMinor: number) => ({ amountMinor, currency })
  return {
    ...{ partner, day: row.day, comparedAt: row.compared_at },
    ...{ orders: row.orders, undecided: row.undecided, open: row.open },
    ...{ ours: money(row.ours_minor), theirs: money(row.theirs_minor) },
  }
}

/** Which differences are asked for; null: of all. */
export interface DifferencesWanted {
  readonly partner: string | null
  readonly day: string | null
  readonly state: DifferenceState | null
}

/** A page of differences, oldest first. */
export async function differencesPage(
  db: Database,
  schema: string,
  { args, partner, day, state }: DifferencesWanted & { readonly args: PageArgs },
): Promise<Page<DifferenceValue>> {
  const request = pageRequest(args)
  const [after = 0] = request.after ?? []
  if (typeof after !== 'number') throw misread('after', 'a cursor of this list', after)
  const wanted = { partner, day: day === null ? null : beijingDay(day).day, state, after, most: request.limit }
  const page = pageOf(await pageDifferences(db, schema, wanted), request, ({ number }) => [number])
  return { ...page, edges: page.edges.map(({ cursor, node }) => ({ cursor, node: differenceValue(node) })) }
}

/** Reads an operator's word on a difference and writes it; gives the difference as it is then. */
export async function settledDifference(
  db: Database,
  schema: string,
  { input, who, at }: { readonly input: SettleDifferenceFields; readonly who: Identity; readonly at: Date },
): Promise<DifferenceValue> {
  const row = await settleDifference(db, schema, {
    number: whole(input.number, 'number', { least: 1 }),
    state: input.state,
    reason: text(input.reason, 'reason', { most: 500 }),
    by: who.member ?? 'an operator without a name',
    at,
  })
  if (row === null) throw refuse('NOT_FOUND', 'no such difference', { details: { place: 'number' } })
  return differenceValue(row)
}

/** Deeds as the graph shows them: which of our people said it is no affair of a partner's. */
export function deedValues(deeds: readonly DeedRow[], who: Identity): readonly DifferenceDeedType[] {
  const signed = (by: string) => (by === COMPARISON || who.roles.includes('operator') ? by : 'the shop')
  return deeds.map(({ state, reason, by_whom, at }) => ({ state, reason, by: signed(by_whom), at }))
}

function differenceValue(row: DifferenceRow): DifferenceValue {
  return {
    ...{ number: row.number, partner: row.partner, day: row.day, partnerOrder: row.order_key },
    ...{ ours: row.ours, theirs: row.theirs, what: row.what, state: row.state, foundAt: row.found_at },
  }
}

import { tell } from '../../../platform/bus/outbox.js'
import type { Database } from '../../../platform/db/database.js'
import { once } from '../../../platform/db/once.js'
import type { Identity } from '../../../schema/identity.js'
import { refuse } from '../../../schema/refuse.js'
import { afterSaleState, inspected, type Finding, type PlainDeed } from '../domain/after-sale.js'
import { decideParts, type LineLeft } from '../domain/parts.js'
import {
  findAfterSales,
  insertAfterSale,
  itemsOf,
  keepFindings,
  moveAfterSale,
  spokenFor,
  type AfterSaleMove,
  type AfterSaleRow,
} from '../store/after-sales.js'
import { linesOf, type LineRow } from '../store/lines.js'
import { parcelsOf } from '../store/parcels.js'
import type { PurchaseRow } from '../store/purchases.js'
import { exchangeFor } from './exchange-goods.js'
import { lockOrder } from './find-order.js'
import { askerOf } from './place-request.js'
import { again } from './retry.js'
import { announce, newKey, type Shop } from './shop.js'
import { afterSaleMoved } from './tell-orders.js'
import { leftOf, undoParts } from './undo-parts.js'

/** A wish to send goods back, for their money or for others. */
export interface ReturnRequest {
  readonly idempotencyKey: string
  readonly order: string
  readonly reason: string
  readonly lines: readonly { readonly line: string; readonly pieces: number }[]
  /** What they are to be exchanged for; null: money. Then one line is named. */
  readonly wantVariant: string | null
  /** The most that the member lets be taken from its e-card when that costs more. */
  readonly mostDifferenceMinor: number
}

/** Asks to send pieces back that have left, and that no other open return speaks for. Gives the return's id. */
export async function requestReturn(shop: Shop, who: Identity, request: ReturnRequest): Promise<string> {
  const { idempotencyKey, order: id, reason, lines, wantVariant, mostDifferenceMinor } = request
  if (wantVariant !== null && lines.length !== 1)
    throw refuse('BAD_USER_INPUT', 'one line is exchanged at a time', { details: { place: 'lines' } })
  return returnOnce(shop, who, {
    key: `return ${idempotencyKey}`,
    body: { id, reason, lines, wantVariant, mostDifferenceMinor },
    lock: async (tx) => ({ order: await lockOrder(tx, who, id) }),
    work: async (tx, { order }) => {
      const asked = lines.map(({ line, pieces }) => ({ line, pieces, amountMinor: null }))
      decideParts(await returnableOf(tx, order), asked)
      const row = { purchase: id, reason, want_variant: wantVariant, most_difference: mostDifferenceMinor }
      const opened = { id: `AfterSale:${newKey(shop)}`, state: 'REQUESTED' as const }
      await insertAfterSale(tx, { ...row, ...opened, opened_at: await shop.databaseClock(tx) }, lines)
      return { id: opened.id, moved: [order] }
    },
  })
}

/** A deed on a return: under its order's lock and its asker's key. */
interface ReturnDeed<Locked extends { readonly order: PurchaseRow }> {
  readonly key: string
  readonly body: unknown
  readonly lock: (tx: Database) => Promise<Locked>
  /** Gives the return's id, and its order when something happened. */
  readonly work: (
    tx: Database,
    locked: Locked,
  ) => Promise<{ readonly id: string; readonly moved: readonly PurchaseRow[] }>
}

/** Does it once in one transaction with the event that tells of it. Gives the return's id. */
async function returnOnce<Locked extends { readonly order: PurchaseRow }>(
  shop: Shop,
  who: Identity,
  { key, body, lock, work }: ReturnDeed<Locked>,
): Promise<string> {
  const { id, moved } = await again(() =>
    shop.db.transaction(async (tx) => {
      const locked = await lock(tx)
      let moved: readonly PurchaseRow[] = []
      const { answer: id } = await once(tx, 'orders', { owner: askerOf(who), key, body }, async () => {
        const done = await work(tx, locked)
        moved = done.moved
        const row = (await findAfterSales(tx, [done.id])).get(done.id)
        if (row !== undefined && moved.length > 0)
          await tell(tx, 'orders', [afterSaleMoved(row, locked.order, await shop.databaseClock(tx))])
        return done.id
      })
      return { id, moved }
    }),
  )
  if (moved.length > 0) announce(shop, moved)
  return id
}

/** What of an order has left and is not spoken for by another return. */
async function returnableOf(tx: Database, order: PurchaseRow): Promise<readonly LineLeft[]> {
  const lines = (await linesOf(tx, [order.id])).get(order.id) ?? []
  const parcels = (await parcelsOf(tx, [order.id])).get(order.id) ?? []
  const gone = new Set(parcels.filter(({ state }) => state === 'SHIPPED' || state === 'RECEIVED').map(({ id }) => id))
  const spoken = await spokenFor(tx, order.id)
  const parcelOf = new Map(lines.map((line) => [line.id, line.parcel ?? '']))
  return leftOf(lines)
    .filter(({ id }) => gone.has(parcelOf.get(id) ?? ''))
    .map((line) => ({ ...line, pieces: line.pieces - (spoken.get(line.id) ?? 0) }))
}

/** A step of a return that moves neither goods nor money. Saying it again is saying it once. */
export function moveReturn(
  shop: Shop,
  who: Identity,
  step: { readonly idempotencyKey: string; readonly id: string; readonly deed: PlainDeed } & Pick<
    AfterSaleMove,
    'carrier' | 'waybill' | 'note'
  >,
): Promise<string> {
  const { idempotencyKey, ...body } = step
  const { id, deed, ...details } = body
  return returnOnce(shop, who, {
    key: `move-return ${idempotencyKey}`,
    body,
    lock: (tx) => lockReturn(tx, who, id),
    work: async (tx, { row, order }) => {
      if (row.state === RESULT[deed]) return { id, moved: [] }
      const state = afterSaleState(row.state, deed)
      const isOver = state === 'REFUSED' || state === 'WITHDRAWN'
      const closing = isOver ? { closedAt: await shop.databaseClock(tx) } : {}
      await moveAfterSale(tx, { ...details, ...closing, id, state })
      return { id, moved: [order] }
    },
  })
}

const RESULT: Readonly<Record<PlainDeed, AfterSaleRow['state']>> = {
  approve: 'APPROVED',
  reject: 'REFUSED',
  withdraw: 'WITHDRAWN',
  sendBack: 'SENT_BACK',
  receive: 'RECEIVED',
}

/**
 * findings -> accepted, a part of it, or refused -> in the same transaction the accepted pieces are back in the stock (or with what is
 * damaged), and their money is due, or the other goods are the buyer's. Gives the return's id.
 */
export function inspectReturn(
  shop: Shop,
  who: Identity,
  { idempotencyKey, id, findings }: { idempotencyKey: string; id: string; findings: readonly Finding[] },
): Promise<string> {
  return returnOnce(shop, who, {
    key: `inspect ${idempotencyKey}`,
    body: { id, findings },
    lock: (tx) => lockReturn(tx, who, id),
    work: async (tx, { row, order }) => {
      const moved = await settle(tx, shop, { row, order, findings })
      return { id, moved: moved.length > 0 ? moved : [order] }
    },
  })
}

interface Inspection {
  readonly row: AfterSaleRow
  readonly order: PurchaseRow
  readonly findings: readonly Finding[]
}

async function settle(tx: Database, shop: Shop, { row, order, findings }: Inspection): Promise<readonly PurchaseRow[]> {
  const items = (await itemsOf(tx, [row.id])).get(row.id) ?? []
  const outcome = inspected(new Map(items.map(({ line, pieces }) => [line, pieces])), findings)
  const state = afterSaleState(row.state, outcome)
  const at = await shop.databaseClock(tx)
  await keepFindings(tx, row.id, findings)
  await moveAfterSale(tx, state === 'REFUSED' ? { id: row.id, state, closedAt: at } : { id: row.id, state })
  if (state === 'REFUSED') return []
  const lines = (await linesOf(tx, [order.id])).get(order.id) ?? []
  return settleAccepted(tx, shop, { row: { ...row, state }, order, lines, findings, at })
}

async function settleAccepted(
  tx: Database,
  shop: Shop,
  { row, order, lines, findings, at }: Inspection & { readonly lines: readonly LineRow[]; readonly at: Date },
): Promise<readonly PurchaseRow[]> {
  const accepted = findings.filter((finding) => finding.accepted > 0)
  const parts = decideParts(
    leftOf(lines),
    accepted.map(({ line, accepted: pieces }) => ({ line, pieces, amountMinor: null })),
  )
  const damaged = new Map(accepted.map((finding) => [finding.line, finding.damaged]))
  const exchange = row.want_variant === null ? null : await exchangeFor(tx, shop, { row, order, lines, parts, at })
  const moved = await undoParts(tx, {
    ...{ order, lines, parts, reason: row.reason, at, goods: { come: 'BACK', damaged } },
    ...(exchange === null || 'note' in exchange ? {} : { exchange: exchange.account }),
  })
  const worth = parts.reduce((sum, { amountMinor }) => sum + amountMinor, 0)
  if (exchange !== null && !('note' in exchange)) {
    const { rows, newLine } = await exchange.complete(moved)
    const backMinor = Math.max(0, worth - exchange.account.worthMinor)
    const state = afterSaleState(row.state, 'exchange')
    await moveAfterSale(tx, { id: row.id, state, backMinor, newLine, closedAt: at })
    return rows
  }
  const note = exchange === null ? null : exchange.note
  await moveAfterSale(tx, {
    id: row.id,
    state: afterSaleState(row.state, 'refund'),
    backMinor: worth,
    note,
    closedAt: at,
  })
  return moved
}

/** Locks the order that a return belongs to, and with it the return; a foreign one is as unknown as one that never was. */
async function lockReturn(tx: Database, who: Identity, id: string): Promise<{ row: AfterSaleRow; order: PurchaseRow }> {
  const unknown = (await findAfterSales(tx, [id])).get(id)
  if (unknown === undefined) throw refuse('NOT_FOUND', 'no such return of yours')
  const order = await lockOrder(tx, who, unknown.purchase)
  const row = (await findAfterSales(tx, [id])).get(id) // as it is under the lock
  if (row === undefined) throw refuse('NOT_FOUND', 'no such return of yours')
  return { row, order }
}

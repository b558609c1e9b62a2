import type { Database } from '../../../platform/db/database.js'
import { once } from '../../../platform/db/once.js'
import type { Identity } from '../../../schema/identity.js'
import { refuse } from '../../../schema/refuse.js'
import { allParts, decideParts, partsOfAmount, type LineLeft, type Part, type PartAsked } from '../domain/parts.js'
import { linesOf } from '../store/lines.js'
import { parcelsOf } from '../store/parcels.js'
import type { PurchaseRow } from '../store/purchases.js'
import { lockOrder } from './find-order.js'
import { followParts } from './follow-parts.js'
import { askerOf } from './place-request.js'
import { again } from './retry.js'
import { announce, type Shop } from './shop.js'
import { stateFor } from './step-orders.js'
import { leftOf, undoParts, type Goods } from './undo-parts.js'

/** A wish to undo an order or parts of it, under a key. */
export interface UndoRequest {
  readonly idempotencyKey: string
  readonly order: string
  readonly reason: string
  readonly lines: readonly PartAsked[]
}

/** What is undone, decided under the order's lock. */
export interface UndoDeed {
  readonly key: string
  /** What idempotency compares. */
  readonly body: unknown
  readonly reason: string
  readonly lock: (tx: Database) => Promise<PurchaseRow>
  /** Refuses where the order's state forbids it. */
  readonly decide: (order: PurchaseRow, left: readonly LineLeft[], hasLeft: HasLeft) => readonly Part[]
  readonly goods: Goods
}

/** Whether the parcel of a line has left. */
type HasLeft = (line: string) => boolean

const BACK: Goods = { come: 'BACK' }

/** Refunds all that is left of an order of the asker's: its money and its pieces go back. */
export function refundOrder(
  shop: Shop,
  who: Identity,
  request: { idempotencyKey: string; order: string; reason: string },
): Promise<string> {
  const { idempotencyKey, order, reason } = request
  return refund(shop, who, {
    ...{ idempotencyKey, body: [order, reason], reason },
    lock: (tx) => lockOrder(tx, who, order),
  })
}

/** The same for an order that is found in another way, and known again by another body. */
export function refund(
  shop: Shop,
  who: Identity,
  { idempotencyKey, ...deed }: Pick<UndoRequest, 'idempotencyKey'> & Pick<UndoDeed, 'body' | 'reason' | 'lock'>,
): Promise<string> {
  const decide: UndoDeed['decide'] = (row, left) => {
    stateFor(row, 'refund')
    return allParts(left)
  }
  return undoOnce(shop, who, { ...deed, key: `refund ${idempotencyKey}`, decide, goods: BACK })
}

/** Gives up pieces of an order that have not left yet: unpaid it comes to less, paid their money goes back. */
export function cancelLines(shop: Shop, who: Identity, request: UndoRequest): Promise<string> {
  const { idempotencyKey, order, reason, lines } = request
  return undoOnce(shop, who, {
    ...{ key: `cancel-lines ${idempotencyKey}`, body: [order, reason, lines], reason, goods: BACK },
    lock: (tx) => lockOrder(tx, who, order),
    decide: (row, left, hasLeft) => {
      if ((row.state !== 'RESERVED' && row.state !== 'PAID') || lines.some(({ line }) => hasLeft(line)))
        throw refuse('STATE_FORBIDS', `pieces that have left, or of an order that is ${row.state}, cannot be cancelled`)
      return decideParts(left, lines)
    },
  })
}

/** Gives money back for pieces that the buyer keeps or never got, or a part of a line's money while its pieces stay bought. */
export function refundLines(shop: Shop, who: Identity, request: UndoRequest): Promise<string> {
  const { idempotencyKey, order, reason, lines } = request
  return undoOnce(shop, who, {
    ...{ key: `refund-lines ${idempotencyKey}`, body: [order, reason, lines], reason, goods: { come: 'NOT' } },
    lock: (tx) => lockOrder(tx, who, order),
    decide: (row, left, hasLeft) => {
      stateFor(row, 'refund')
      if (lines.some(({ line, amountMinor }) => amountMinor === null && !hasLeft(line)))
        throw refuse('STATE_FORBIDS', 'pieces that have not left are cancelled')
      return decideParts(left, lines)
    },
  })
}

/** Gives an amount of an order's money back while its pieces stay bought; all that is left of it is the refund of the order, pieces and all. */
export function refundAmount(
  shop: Shop,
  who: Identity,
  request: Omit<UndoRequest, 'lines'> & { readonly amountMinor: number },
): Promise<string> {
  const { idempotencyKey, order, reason, amountMinor } = request
  return undoOnce(shop, who, {
    ...{ key: `refund-amount ${idempotencyKey}`, body: [order, reason, amountMinor], reason, goods: BACK },
    lock: (tx) => lockOrder(tx, who, order),
    decide: (row, left) => {
      stateFor(row, 'refund')
      return partsOfAmount(left, amountMinor)
    },
  })
}

/** One transaction under the order's lock and the asker's key; what is due is told to the provider after the commit. */
async function undoOnce(shop: Shop, who: Identity, undo: UndoDeed): Promise<string> {
  const { id, moved } = await again(() =>
    shop.db.transaction(async (tx) => {
      const order = await undo.lock(tx)
      let moved: readonly PurchaseRow[] = []
      await once(tx, 'orders', { owner: askerOf(who), key: undo.key, body: undo.body }, async () => {
        moved = await undone(tx, shop, { order, undo })
        return order.id
      })
      return { id: order.id, moved }
    }),
  )
  if (moved.length > 0) announce(shop, moved)
  return id
}

async function undone(
  tx: Database,
  shop: Shop,
  { order, undo }: { order: PurchaseRow; undo: UndoDeed },
): Promise<readonly PurchaseRow[]> {
  const lines = (await linesOf(tx, [order.id])).get(order.id) ?? []
  const parcels = (await parcelsOf(tx, [order.id])).get(order.id) ?? []
  const gone = new Set(parcels.filter(({ state }) => state === 'SHIPPED' || state === 'RECEIVED').map(({ id }) => id))
  const parcelOf = new Map(lines.map((line) => [line.id, line.parcel ?? '']))
  const parts = undo.decide(order, leftOf(lines), (line) => gone.has(parcelOf.get(line) ?? ''))
  const at = await shop.databaseClock(tx)
  const moved = await undoParts(tx, { order, lines, parts, goods: undo.goods, reason: undo.reason, at })
  return followParts(tx, shop, { moved, at })
}

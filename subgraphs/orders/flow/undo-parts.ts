import { tell } from '../../../platform/bus/outbox.js'
import type { Database } from '../../../platform/db/database.js'
import type { LineLeft, Part } from '../domain/parts.js'
import { giveBackCoupons } from '../store/coupons.js'
import { undoLines, type LineRow } from '../store/lines.js'
import { cancelEmptyParcels } from '../store/parcels.js'
import { giveBackSubsidies, subsidiesLeft } from '../store/subsidy-sessions.js'
import { movePurchases, type PurchaseRow } from '../store/purchases.js'
import { enterUndone } from './keep-accounts.js'
import { movePieces, NO_BOOKS } from './move-pieces.js'
import { ownerOf } from './place-request.js'
import type { ExchangeAccount } from './exchange-goods.js'
import { giveMoneyBack } from './give-money-back.js'
import { NOTHING, stateFor, type StepDetails } from './step-orders.js'
import { orderMoved } from './tell-orders.js'

/** Where the pieces of an undone part go: back into the stock (some of them damaged), or they stay with the buyer. */
export type Goods = { readonly come: 'BACK'; readonly damaged?: ReadonlyMap<string, number> } | { readonly come: 'NOT' }

/** Parts of one order that are undone together. Its row must be locked. */
export interface Undoing {
  readonly order: PurchaseRow
  readonly lines: readonly LineRow[]
  readonly parts: readonly Part[]
  readonly goods: Goods
  /** Others take the place of what is undone: so much of its money goes there, and the order is not over by it. */
  readonly exchange?: ExchangeAccount
  readonly reason: string
  readonly at: Date
}

/** What of lines is still bought. */
export function leftOf(lines: readonly LineRow[]): readonly LineLeft[] {
  return lines.map((line) => ({
    id: line.id,
    pieces: line.quantity - line.undone,
    amountMinor: line.total_minor - line.back_minor,
  }))
}

/**
 * Parts -> lines, pieces, accounts, what is due to the buyer, the order's row and the events, in the caller's transaction. Before it was
 * paid the order comes to less; after it, money goes back. When nothing is left, the order is over.
 */
export async function undoParts(tx: Database, undoing: Undoing): Promise<readonly PurchaseRow[]> {
  const { order, parts, at } = undoing
  const isPaid = order.paid_at !== null
  const lines = afterwards(undoing)
  const isOver = undoing.exchange === undefined && lines.every((line) => line.undone === line.quantity)
  const state = stateFor(order, isOver ? (isPaid ? 'refund' : 'cancel') : 'undoPart')
  const books = await piecesBack(tx, undoing, isPaid)
  await undoLines(tx, differences(undoing.lines, lines))
  await budgetsBack(tx, parts)
  if (isPaid) await cancelEmptyParcels(tx, order.id)
  if (!isPaid && isOver) await giveBackCoupons(tx, [order.id])
  const undoneMinor = parts.reduce((sum, { amountMinor }) => sum + amountMinor, 0)
  const backMinor = undoneMinor - (undoing.exchange?.worthMinor ?? 0)
  if (isPaid) await moneyBack(tx, undoing, backMinor)
  const details = isPaid ? paidDetails(undoing, backMinor, isOver) : unpaidDetails(undoing, backMinor, isOver)
  const moved = await movePurchases(tx, [{ ...NOTHING, ...details, id: order.id, state }])
  const told = moved.map((row) => orderMoved(row, lines, at))
  await Promise.all([books.writing, tell(tx, 'orders', [...told, ...books.events])])
  return moved
}

function afterwards({ lines, parts, goods }: Undoing): readonly LineRow[] {
  const byLine = new Map(parts.map((part) => [part.line, part]))
  return lines.map((line) => {
    const part = byLine.get(line.id)
    if (part === undefined) return line
    return {
      ...line,
      undone: line.undone + part.pieces,
      returned: line.returned + (goods.come === 'BACK' ? part.pieces : 0),
      back_minor: line.back_minor + part.amountMinor,
    }
  })
}

/** What pieces that are undone had of budgets goes back to them; it stays spent where only money is given back. */
async function budgetsBack(tx: Database, parts: readonly Part[]): Promise<void> {
  const byLine = new Map(parts.filter(({ pieces }) => pieces > 0).map((part) => [part.line, part]))
  const left = await subsidiesLeft(tx, [...byLine.keys()])
  const back = left.map((use) => ({ ...use, amountMinor: byLine.get(use.line)?.share(use.amountMinor) ?? 0 }))
  await giveBackSubsidies(
    tx,
    back.filter(({ amountMinor }) => amountMinor > 0),
  )
}

function differences(before: readonly LineRow[], after: readonly LineRow[]): Parameters<typeof undoLines>[1] {
  return after.flatMap((line, place) => {
    const was = before[place]
    if (was === undefined || was === line) return []
    const backMinor = line.back_minor - was.back_minor
    return [{ line: line.id, undone: line.undone - was.undone, returned: line.returned - was.returned, backMinor }]
  })
}

async function piecesBack(tx: Database, { order, lines, parts, goods, at }: Undoing, isPaid: boolean) {
  if (goods.come === 'NOT') return NO_BOOKS
  const byLine = new Map(parts.map((part) => [part.line, part]))
  const buyer = ownerOf(order)
  const moving = lines.map((line) => ({
    ...{ line, buyer, pieces: byLine.get(line.id)?.pieces ?? 0 },
    damaged: goods.damaged?.get(line.id) ?? 0,
  }))
  return movePieces(tx, { effect: isPaid ? 'takeBack' : 'release', moving, at })
}

async function moneyBack(tx: Database, undoing: Undoing, backMinor: number): Promise<void> {
  const { order, parts, exchange, reason, at } = undoing
  const exchanged = exchange === undefined ? {} : { exchange: { name: exchange.name, restMinor: backMinor } }
  await enterUndone(tx, { order, parts, at, ...exchanged })
  if (backMinor === 0) return
  await giveMoneyBack(tx, { order, amountMinor: backMinor, reason, at })
}

function paidDetails({ order, reason, at }: Undoing, backMinor: number, isOver: boolean): StepDetails {
  const refundedMinor = order.refunded_minor + backMinor
  return isOver ? { reason, refundedMinor, closedAt: at } : { reason, refundedMinor }
}

function unpaidDetails({ order, reason, at }: Undoing, backMinor: number, isOver: boolean): StepDetails {
  return isOver ? { reason, closedAt: at } : { totalMinor: order.total_minor - backMinor }
}

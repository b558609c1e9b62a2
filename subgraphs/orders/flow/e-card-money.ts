import { tell } from '../../../platform/bus/outbox.js'
import type { Database } from '../../../platform/db/database.js'
import type { ECardGranted } from '../../../schema/events/members.js'
import type { ECardMoved } from '../../../schema/events/orders.js'
import { refuse } from '../../../schema/refuse.js'
import { account, type Entry, type EntryKind } from '../domain/accounts.js'
import { putOnECard, takeFromECard, type ECardAccount } from '../store/e-cards.js'
import { insertEntries, isEntered } from '../store/entries.js'
import { heldPayments, nameECardState, type PaymentRow } from '../store/payments.js'
import type { PurchaseRow } from '../store/purchases.js'
import { ownerOf } from './place-request.js'

/** A payment that takes from an e-card, with its order. */
interface CardPayment {
  readonly payment: PaymentRow
  readonly order: PurchaseRow
  readonly at: Date
}

/** Takes a payment's part from the e-card, so that nobody else can; refuses when it is not there. */
export async function holdECard(tx: Database, { payment, order, at }: CardPayment): Promise<void> {
  if (!(await tryHoldECard(tx, { payment, order, at })))
    throw refuse('BALANCE_SHORT', 'the e-card does not hold as much', { details: { place: 'eCardMinor' } })
}

/** The same; false when it is not there. */
export function tryHoldECard(tx: Database, card: CardPayment): Promise<boolean> {
  return tookHold(tx, card, 'held')
}

/** What was held for these orders is their members' again: nothing came of them. */
export async function releaseECards(tx: Database, orders: readonly PurchaseRow[], at: Date): Promise<void> {
  const byId = new Map(orders.map((order) => [order.id, order]))
  for (const payment of await heldPayments(tx, [...byId.keys()])) {
    const order = byId.get(payment.purchase)
    if (order !== undefined) await releaseECard(tx, { payment, order, at })
  }
}

/** What a payment held is its member's again; a payment that holds nothing is left alone. */
export async function releaseECard(tx: Database, { payment, order, at }: CardPayment): Promise<void> {
  if (payment.e_card_state !== 'HELD') return
  const amount = payment.e_card_minor
  await putOnECard(tx, cardOf(order), amount)
  await nameECardState(tx, payment.id, 'RELEASED')
  await moved(tx, {
    kind: 'E_CARD',
    deed: `${payment.id}:released`,
    from: heldOf(payment),
    to: 'card',
    order,
    amount,
    at,
  })
}

/** What a payment holds becomes the order's. When it was released meanwhile, it is taken anew; false when it is not there any more. */
export async function spendECard(tx: Database, card: CardPayment): Promise<boolean> {
  const { payment } = card
  if (payment.e_card_minor === 0) return true
  if (payment.e_card_state !== 'HELD' && !(await tookHold(tx, card, 'held-again'))) return false
  await nameECardState(tx, payment.id, 'TAKEN')
  return true
}

/** A part of what goes back, to the e-card at once. */
export function backOnECard(
  tx: Database,
  { refund, order, amount, at }: { refund: string; order: PurchaseRow; amount: number; at: Date },
): Promise<void> {
  return amount === 0
    ? Promise.resolve()
    : putOnECard(tx, cardOf(order), amount).then(() =>
        moved(tx, {
          ...{ kind: 'PAID_BACK', deed: `${refund}:ecard`, from: account.buyer(ownerOf(order)), to: 'card' },
          ...{ order, amount, at },
        }),
      )
}

/** What was granted to members is on their e-cards, each grant once. */
export async function takeGrants(tx: Database, grants: readonly ECardGranted[], at: Date): Promise<void> {
  for (const { cause, member, currency, amountMinor } of grants) {
    const deed = `${cause}:granted`
    if (await isEntered(tx, deed)) continue
    const entry: Entry = {
      ...{ kind: 'E_CARD', debit: account.grants, credit: account.eCard(member), line: null, rateBp: null },
      amount: { amountMinor, currency },
    }
    await insertEntries(tx, { deed, purchase: cause, at }, [entry])
    await putOnECard(tx, { member, currency }, amountMinor)
  }
}

async function tookHold(tx: Database, { payment, order, at }: CardPayment, how: string): Promise<boolean> {
  const amount = payment.e_card_minor
  if (!(await takeFromECard(tx, cardOf(order), amount))) return false
  await moved(tx, {
    kind: 'E_CARD',
    deed: `${payment.id}:${how}`,
    from: 'card',
    to: heldOf(payment),
    order,
    amount,
    at,
  })
  return true
}

function cardOf({ member, currency }: PurchaseRow): ECardAccount {
  if (member === null) throw refuse('STATE_FORBIDS', "a partner's order is paid at the partner")
  return { member, currency }
}

function heldOf(payment: PaymentRow): string {
  return account.held(payment.id)
}

interface CardMove {
  readonly kind: EntryKind
  readonly deed: string
  readonly from: string
  readonly to: string
  readonly order: PurchaseRow
  readonly amount: number
  readonly at: Date
}

/** The entry of a movement, and the event by which the member's history gets it. */
async function moved(tx: Database, { kind, deed, from, to, order, amount, at }: CardMove): Promise<void> {
  const { member, currency } = cardOf(order)
  const named = (name: string): string => (name === 'card' ? account.eCard(member) : name)
  const entry: Entry = {
    ...{ kind, debit: named(from), credit: named(to), line: null, rateBp: null },
    amount: { amountMinor: amount, currency },
  }
  const event: ECardMoved = {
    ...{ id: `${deed}:told`, kind: 'orders.eCardMoved', at: at.toISOString(), cause: deed, member, currency },
    ...{ amountMinor: to === 'card' ? amount : -amount, order: order.id },
  }
  await insertEntries(tx, { deed, purchase: order.id, at }, [entry])
  await tell(tx, 'orders', [event])
}

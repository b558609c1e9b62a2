import type { Database } from '../../../platform/db/database.js'
import { backToCharges, backToECard } from '../domain/means.js'
import { backByPayment, eCardSums, insertRefunds, paymentsThatPaid, type PaymentRow } from '../store/payments.js'
import type { PurchaseRow } from '../store/purchases.js'
import { backOnECard } from './e-card-money.js'

/** Money that is due to the buyer of an order. */
interface Due {
  readonly order: PurchaseRow
  readonly amountMinor: number
  readonly reason: string
  readonly at: Date
}

/**
 * What is due for a part of a paid order, in the ways it was paid: the e-card has its part at once, the provider is told after the commit,
 * by each charge that took the money. A partner took the money, and gives it back itself.
 */
export async function giveMoneyBack(tx: Database, due: Due): Promise<void> {
  const { order, amountMinor, reason, at } = due
  const payments = (await paymentsThatPaid(tx, [order.id])).get(order.id) ?? []
  const eCardMinor = payments.length === 0 ? 0 : await eCardPart(tx, payments, due)
  const parts = await partsByCharge(tx, payments, { order, minor: amountMinor - eCardMinor })
  const id = `Refund:${order.id.slice('Order:'.length)}-${order.version}`
  await insertRefunds(
    tx,
    parts.map(({ payment, minor }, place) => ({
      ...{
        id: place === 0 ? id : `${id}-${place + 1}`,
        purchase: order.id,
        payment,
        late: false,
        reason,
        begun_at: at,
      },
      state: payment === null || minor === 0 ? 'DONE' : 'DUE',
      ...{ amount_minor: place === 0 ? minor + eCardMinor : minor, e_card_minor: place === 0 ? eCardMinor : 0 },
      currency: order.currency,
    })),
  )
  await backOnECard(tx, { refund: id, order, amount: eCardMinor, at })
}

async function eCardPart(tx: Database, payments: readonly PaymentRow[], due: Due): Promise<number> {
  const { taken, back } = await eCardSums(tx, due.order.id)
  const providerMinor = payments.reduce((sum, { amount_minor }) => sum + amount_minor, 0)
  const means = { eCardMinor: taken, providerMinor, rule: payments[0]?.back_by ?? 'IN_PROPORTION' }
  return backToECard(means, {
    beforeMinor: due.order.refunded_minor,
    beforeToECard: back,
    nowMinor: due.amountMinor,
  })
}

/** What each charge gives back, the last that was made first; one of them at least, so that the e-card's part has its refund too. */
async function partsByCharge(
  tx: Database,
  payments: readonly PaymentRow[],
  { order, minor }: { readonly order: PurchaseRow; readonly minor: number },
): Promise<readonly { readonly payment: string | null; readonly minor: number }[]> {
  const [last] = payments
  if (last === undefined) return [{ payment: null, minor }]
  if (payments.length === 1) return [{ payment: last.id, minor }]
  const back = await backByPayment(tx, order.id)
  const parts = backToCharges(
    payments.map(({ id, amount_minor }) => ({ minor: amount_minor, backMinor: back.get(id) ?? 0 })),
    minor,
  )
  const some = payments.map(({ id }, place) => ({ payment: id, minor: parts[place] ?? 0 }))
  return minor === 0 ? some.slice(0, 1) : some.filter((part) => part.minor > 0)
}

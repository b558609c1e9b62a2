import type { Deposit } from '../domain/pre-sale.js'
import { preSaleStateAt } from '../domain/pre-sale.js'
import type { DepositRow } from '../store/deposits.js'
import type { PreSaleRow } from '../store/pre-sales.js'
import { stub } from './stubs.js'
import { money } from './views.js'

/** A pre-sale as it is at a moment of the database's clock. */
export function preSaleView(row: PreSaleRow, at: Date) {
  const state = preSaleStateAt(row, at)
  return {
    id: row.id,
    variant: stub('Variant', row.variant),
    state,
    deposit: money(row.deposit_minor, row.currency),
    countsFor: money(row.counts_minor, row.currency),
    shares: row.shares,
    ...{ depositFrom: row.deposit_from, depositUntil: row.deposit_until },
    ...{ balanceFrom: row.balance_from, balanceUntil: row.balance_until },
    quota: row.quota,
    left: state === 'SCHEDULED' || state === 'OPEN' ? row.quota - row.taken : 0,
    perMember: row.per_member,
    missed: row.missed,
    givenUp: row.given_up,
  }
}
export type PreSaleView = ReturnType<typeof preSaleView>

/** What an order pays first; its pre-sale has a loader of its own. */
export function depositView(row: DepositRow, total: { readonly amountMinor: number; readonly currency: string }) {
  const { pre_sale: preSale, deposit_minor: depositMinor, counts_minor: countsMinor } = row
  return quotedDeposit(
    { preSale, depositMinor, countsMinor, balanceMinor: total.amountMinor - depositMinor },
    total.currency,
  )
}

/** The same of what is only quoted. */
export function quotedDeposit({ preSale, depositMinor, countsMinor, balanceMinor }: Deposit, currency: string) {
  return {
    preSaleId: preSale,
    amount: money(depositMinor, currency),
    countsFor: money(countsMinor, currency),
    balance: money(balanceMinor, currency),
  }
}
export type DepositView = ReturnType<typeof quotedDeposit>

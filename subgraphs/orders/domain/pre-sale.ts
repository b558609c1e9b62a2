import type { Money } from '../../../schema/money.js'
import { refuse } from '../../../schema/refuse.js'
import type { Deed } from './moves.js'
import type { Share } from './offers.js'

/** Where a pre-sale stands; in `BALANCE_OPEN` those who paid a deposit pay the rest. */
export const PRE_SALE_STATES = ['SCHEDULED', 'OPEN', 'SOLD_OUT', 'DEPOSITS_CLOSED', 'BALANCE_OPEN', 'ENDED'] as const
export type PreSaleState = (typeof PRE_SALE_STATES)[number]

/** What becomes of a deposit whose order is not paid in the end. */
export const DEPOSIT_RULES = ['FORFEIT', 'GIVE_BACK'] as const
export type DepositRule = (typeof DEPOSIT_RULES)[number]

/** When deposits and balances are taken, from the first moment of each up to before the second. */
export interface PreSaleTimes {
  readonly deposit_from: Date
  readonly deposit_until: Date
  readonly balance_from: Date
  readonly balance_until: Date
}

/** What the state of a pre-sale depends on. */
export interface PreSaleFacts extends PreSaleTimes {
  readonly quota: number
  /** Pieces of orders that were not given up. */
  readonly taken: number
  /** Whether it was closed by hand: no more deposits are taken. */
  readonly closed: boolean
  /** Whether it was called off: all deposits go back. */
  readonly called_off: boolean
}

/** The state at a moment (the database's), as everyone is to see it. */
export function preSaleStateAt(sale: PreSaleFacts, at: Date): PreSaleState {
  if (sale.called_off || at >= sale.balance_until) return 'ENDED'
  if (at >= sale.balance_from) return 'BALANCE_OPEN'
  if (sale.closed || at >= sale.deposit_until) return 'DEPOSITS_CLOSED'
  if (at < sale.deposit_from) return 'SCHEDULED'
  return sale.taken < sale.quota ? 'OPEN' : 'SOLD_OUT'
}

/** Refuses windows that are not one after the other, or are over. */
export function checkTimes(times: PreSaleTimes, at: Date): void {
  const { deposit_from, deposit_until, balance_from, balance_until } = times
  const isRight = deposit_from < deposit_until && deposit_until <= balance_from && balance_from < balance_until
  if (isRight && deposit_until > at) return
  throw refuse('BAD_USER_INPUT', 'deposits are taken for a while to come, and balances for a while after it', {
    details: { place: 'depositUntil' },
  })
}

/** A pre-sale as the price of its variant knows it. */
export interface PreSaleOffer {
  readonly variant: string
  readonly currency: string
  /** What is paid first for a piece, and what of the price it counts for. */
  readonly depositMinor: number
  readonly countsMinor: number
  readonly shares: readonly Share[]
  readonly state: PreSaleState
}

/** What an order of a pre-sale pays first, and what is then left to be paid. */
export interface Deposit {
  readonly preSale: string
  readonly depositMinor: number
  /** What it counts for of the price. */
  readonly countsMinor: number
  readonly balanceMinor: number
}

/** The deposit of so many pieces that come to a total; refuses a total below it. */
export function depositOf(
  { preSale, quantity, total }: { readonly preSale: string; readonly quantity: number; readonly total: Money },
  { depositMinor, countsMinor }: Pick<PreSaleOffer, 'depositMinor' | 'countsMinor'>,
): Deposit {
  const due = depositMinor * quantity
  if (due > total.amountMinor)
    throw refuse('OFFER_CLOSED', `the order comes to ${total.amountMinor}, less than its deposit of ${due}`)
  return { preSale, depositMinor: due, countsMinor: countsMinor * quantity, balanceMinor: total.amountMinor - due }
}

/** What ends an order whose deposit was paid, by the rule that holds for how it ends. */
export function deedByRule(rule: DepositRule): Deed {
  return rule === 'FORFEIT' ? 'forfeit' : 'returnDeposit'
}

/** What a pre-sale may still give, and what each buyer has had of it. */
export interface PreSaleSupply {
  readonly left: number
  readonly perMember: number
  readonly taken: ReadonlyMap<string, number>
}

/** Why pieces of a pre-sale are not given; null says they are. */
type Refused = { readonly code: 'OFFER_CLOSED' | 'STOCK_SHORT' | 'LIMIT_PER_MEMBER'; readonly message: string } | null

/** What is left of pre-sales while orders are given their pieces, one after the other. */
export class PreSalesLeft {
  readonly #supply: ReadonlyMap<string, PreSaleSupply>
  readonly #used = new Map<string, number>()

  constructor(supply: ReadonlyMap<string, PreSaleSupply>) {
    this.#supply = supply
  }

  /** Whether so many pieces can be had by a buyer. */
  verdict(preSale: string, buyer: string, quantity: number): Refused {
    const { left = 0, perMember = 0, taken } = this.#supply.get(preSale) ?? {}
    const rest = left - this.#usedOf(preSale)
    if (rest <= 0) return { code: 'OFFER_CLOSED', message: 'the pre-sale is sold out' }
    if (quantity > rest) return { code: 'STOCK_SHORT', message: `${quantity} were asked for, ${rest} are left in it` }
    const had = (taken?.get(buyer) ?? 0) + this.#usedOf(`${buyer} ${preSale}`)
    if (had + quantity <= perMember) return null
    return { code: 'LIMIT_PER_MEMBER', message: `at most ${perMember} for each member, ${had} were had` }
  }

  take(preSale: string, buyer: string, quantity: number): void {
    this.#used.set(preSale, this.#usedOf(preSale) + quantity)
    this.#used.set(`${buyer} ${preSale}`, this.#usedOf(`${buyer} ${preSale}`) + quantity)
  }

  #usedOf(key: string): number {
    return this.#used.get(key) ?? 0
  }
}

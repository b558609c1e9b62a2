import type { Money } from '../../../schema/money.js'
import { splitWithin } from './split.js'

/**
 * One entry of the money ledger: an amount leaves one account and comes to another, so that whatever is entered sums to zero.
 * An account's balance is what came to it less what left it: what we owe its owner, or, below zero, what he holds or owes.
 */
export interface Entry {
  readonly kind: EntryKind
  /** The account that the amount leaves. */
  readonly debit: string
  /** The account that it comes to. */
  readonly credit: string
  readonly amount: Money
  readonly line: string | null
  /** Hundredths of a percent, where the amount is a part of something. */
  readonly rateBp: number | null
  /** The session whose budget bears it, where one does. */
  readonly session?: string | null
}

/** What an entry is for; after a return the same kind goes the other way. */
export const ENTRY_KINDS = [
  'SALE',
  'SUBSIDY',
  'HOST_COMMISSION',
  'INFLUENCER_COMMISSION',
  'PARTNER_COMMISSION',
  'E_CARD',
  'EXCHANGE',
  'LATE_MONEY',
  'PAID_BACK',
  'DEPOSIT',
  'FORFEIT',
] as const
export type EntryKind = (typeof ENTRY_KINDS)[number]

/** Whose an amount is. */
export const account = {
  /** Money that lies at the payment provider. */
  provider: 'provider',
  /** Money that a partner took from its buyers for us. */
  partner: (partner: string) => `partner:${partner}`,
  /** A member's e-card. */
  eCard: (member: string) => `ecard:${member}`,
  /** What a payment has taken from an e-card, until it is decided. */
  held: (payment: string) => `held:${payment}`,
  /** The deposit of an order of a pre-sale: it is neither the seller's nor the buyer's until the order is paid or at its end. */
  deposit: (order: string) => `deposit:${order}`,
  /** What pieces that came back are worth in those that take their place. */
  exchange: (afterSale: string) => `exchange:${afterSale}`,
  /** Whoever grants e-cards. */
  grants: 'grants',
  seller: (seller: string) => `seller:${seller}`,
  host: (host: string) => `host:${host}`,
  /** Whoever a tracked link belongs to. */
  influencer: (link: string) => `influencer:${link}`,
  /** What a partner earns by selling. */
  partnerShare: (partner: string) => `partner-share:${partner}`,
  /** A budget that bears a part of a price, like `platform` or `partner:kuaishou`. */
  subsidy: (bearer: string) => `subsidy:${bearer}`,
  /** What a buyer is to be paid back. */
  buyer: (buyer: string) => `buyer:${buyer}`,
}

/** Rates in hundredths of a percent of what the buyer pays for a line. */
export interface CommissionRates {
  readonly hostBp: number
  readonly influencerBp: number
  readonly partnerBp: number
}

/** Where the money of a sale comes from; together they are what the lines come to. */
export interface Source {
  readonly account: string
  readonly minor: number
}

/** An amount that comes to one account from several. */
export function gathered(
  kind: EntryKind,
  { from, to, currency }: { readonly from: readonly Source[]; readonly to: string; readonly currency: string },
): readonly Entry[] {
  return from.flatMap(({ account: debit, minor: amountMinor }) =>
    amountMinor === 0 ? [] : [{ kind, debit, credit: to, amount: { amountMinor, currency }, line: null, rateBp: null }],
  )
}

/** A line that was paid for, with who has earned by it. */
export interface SoldLine {
  readonly id: string
  readonly seller: string
  readonly quantity: number
  readonly total: Money
  /** What others than the seller bear of the price of all its pieces. */
  readonly subsidies: readonly {
    readonly bearer: string
    readonly amountMinor: number
    readonly session?: string | null
  }[]
  readonly host: string | null
  /** What the host has agreed with the seller, or picked the product for; without it the usual rate holds. */
  readonly hostBp?: number
  readonly link: string | null
  readonly partner: string | null
}

/** What a paid order does to the accounts: the seller gets what the buyer paid and what others bear of it, and gives commissions. */
export function saleEntries(
  paidFrom: readonly Source[],
  lines: readonly SoldLine[],
  rates: CommissionRates,
): readonly Entry[] {
  const totals = lines.map(({ total }) => total.amountMinor)
  const parts = paidFrom.length === 1 ? [totals] : splitOver(paidFrom, totals)
  return lines
    .flatMap((line, place) => [
      ...paidFrom.map(({ account: debit }, source) => saleOf(line, debit, parts[source]?.[place] ?? 0)),
      ...lineEntries(line, rates),
    ])
    .filter(({ amount }) => amount.amountMinor > 0)
}

/** What each source gives of each line: each its part, none more of a line than there is, and all together the whole. */
function splitOver(sources: readonly Source[], totals: readonly number[]): readonly (readonly number[])[] {
  let open = totals
  return sources.map(({ minor }, at) => {
    const given = at === sources.length - 1 ? open : splitWithin(minor, open, open)
    open = open.map((rest, place) => rest - (given[place] ?? 0))
    return given
  })
}

function saleOf({ id, seller, total }: SoldLine, debit: string, amountMinor: number): Entry {
  const amount = { amountMinor, currency: total.currency }
  return { kind: 'SALE', debit, credit: account.seller(seller), amount, line: id, rateBp: null }
}

function lineEntries(line: SoldLine, rates: CommissionRates): readonly Entry[] {
  const seller = account.seller(line.seller)
  const { currency } = line.total
  const share = (kind: EntryKind, credit: string | null, rateBp: number): readonly Entry[] =>
    credit === null ? [] : [{ kind, debit: seller, credit, amount: partOf(line.total, rateBp), line: line.id, rateBp }]
  return [
    ...line.subsidies.map(({ bearer, amountMinor, session = null }) => ({
      ...{
        kind: 'SUBSIDY' as const,
        debit: account.subsidy(bearer),
        credit: seller,
        line: line.id,
        rateBp: null,
        session,
      },
      amount: { amountMinor, currency },
    })),
    ...share('HOST_COMMISSION', line.host && account.host(line.host), line.hostBp ?? rates.hostBp),
    ...share('INFLUENCER_COMMISSION', line.link && account.influencer(line.link), rates.influencerBp),
    ...share('PARTNER_COMMISSION', line.partner && account.partnerShare(line.partner), rates.partnerBp),
  ]
}

/** Whole fen, rounded down: what is left over stays with the seller. Exact also where the product would pass 2^53. */
export function partOf({ amountMinor, currency }: Money, rateBp: number): Money {
  const whole = Math.floor(amountMinor / 10_000) * rateBp
  return { amountMinor: whole + Math.floor(((amountMinor % 10_000) * rateBp) / 10_000), currency }
}

/** What all accounts hold after some entries. */
export function balances(entries: readonly Entry[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>()
  const add = (name: string, by: number): unknown => sums.set(name, (sums.get(name) ?? 0) + by)
  for (const { debit, credit, amount } of entries) {
    add(`${debit} ${amount.currency}`, -amount.amountMinor)
    add(`${credit} ${amount.currency}`, amount.amountMinor)
  }
  return sums
}

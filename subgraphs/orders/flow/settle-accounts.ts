import { holdsScope, needRole, type Identity } from '../../../schema/identity.js'
import { refuse } from '../../../schema/refuse.js'
import { sellersOf } from '../../host/acting/acting-for.js'
import { account } from '../domain/accounts.js'
import { accountStatement, balanceBefore, type StatementRow } from '../store/entries.js'
import type { Shop } from './shop.js'

/** What is asked for: whose account, from when, and up to when. */
export interface StatementRequest {
  readonly account: string
  readonly from: Date
  readonly to: Date
}

/** An account in one currency: what it held, what came and went by kind, and what it holds. */
export interface Statement {
  readonly currency: string
  readonly openingMinor: number
  readonly closingMinor: number
  readonly rows: readonly StatementRow[]
}

/** What happened to an account in a period, one statement for each currency. Operators see all, a merchant those of its sellers, others their own. */
export async function settleAccount(
  shop: Shop,
  who: Identity,
  request: StatementRequest,
): Promise<readonly Statement[]> {
  const sellers = await sellersOf(shop.db, 'orders', who)
  const own = [...ownAccounts(who), ...sellers.map(account.seller)]
  if (!own.includes(request.account)) needRole(who, 'operator')
  const { account: name, from, to } = request
  if (from >= to) throw refuse('BAD_USER_INPUT', 'a period ends after it has begun', { details: { place: 'to' } })
  const [rows, opening] = await Promise.all([
    accountStatement(shop.db, { name, from, to }),
    balanceBefore(shop.db, name, from),
  ])
  return [...new Set([...opening.keys(), ...rows.map((row) => row.currency)])].sort().map((currency) => {
    const of = rows.filter((row) => row.currency === currency)
    const openingMinor = opening.get(currency) ?? 0
    const closingMinor = of.reduce((sum, row) => sum + row.amount_minor, openingMinor)
    return { currency, openingMinor, closingMinor, rows: of }
  })
}

/** A partner sees what it holds for us, what it earns and what it bears; a member what he earns as a host, and what he is owed. */
function ownAccounts(who: Identity): readonly string[] {
  const { member, partner } = who
  if (partner !== null && !holdsScope(who, 'statement')) return []
  if (partner !== null)
    return [account.partner(partner), account.partnerShare(partner), account.subsidy(`partner:${partner}`)]
  return member === null ? [] : [account.host(member), account.buyer(member), account.eCard(member)]
}

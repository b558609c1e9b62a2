import type { Database } from '../../../platform/db/database.js'

/** An e-card account. Its balance is decided here; members keeps its history. */
export interface ECardAccount {
  readonly member: string
  readonly currency: string
}

/** Takes from an account what it holds; false when it holds less. Whoever comes at the same moment waits and sees what is left. */
export async function takeFromECard(tx: Database, { member, currency }: ECardAccount, minor: number): Promise<boolean> {
  const { count } = await tx.query(
    `update orders.e_card set balance_minor = balance_minor - $3 where member = $1 and currency = $2 and balance_minor >= $3`,
    [member, currency, minor],
  )
  return count > 0
}

/** Puts something on an account, which begins with it when there was none. */
export async function putOnECard(tx: Database, { member, currency }: ECardAccount, minor: number): Promise<void> {
  await tx.query(
    `insert into orders.e_card as c (member, currency, balance_minor) values ($1, $2, $3)
     on conflict (member, currency) do update set balance_minor = c.balance_minor + excluded.balance_minor`,
    [member, currency, minor],
  )
}

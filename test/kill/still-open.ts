import type { Database } from '../../platform/db/database.js'

/** What nobody asks for and the shop does by itself, each by how many of it there are to be done. */
const STILL_OPEN = `
  select 'payments undecided' as what, count(*) as n from orders.payment where state = 'BEGUN'
  union all select 'refunds due', count(*) from orders.refund where state = 'DUE'
  union all select 'divided sales untold', count(*) from orders.sale_now where buckets > 1 and version > told_version
  union all select 'balances untold', count(*) from orders.deposit d join orders.purchase p on p.id = d.purchase
    where p.state = 'DEPOSIT_PAID' and not d.told
  union all select 'events unheard', count(*) from orders.outbox o, orders.place p where p.consumer = 'listener'
    and (o.tx, o.number) > (split_part(p.position, '-', 1)::xid8, split_part(p.position, '-', 2)::int8)`

/** The answer when payments are decided, refunds sent, balances and sales told of, and the listener is at the end of it. */
export const NOTHING = 'nothing'

/** What is under way, in words; one statement, so that what one step ends and the next begins is seen as either. */
export async function stillOpen(db: Database): Promise<string> {
  const { rows } = await db.query<{ readonly what: string; readonly n: number }>(STILL_OPEN)
  const open = rows.filter(({ n }) => n > 0).map(({ what, n }) => `${what}: ${n}`)
  return open.length === 0 ? NOTHING : open.join(', ')
}

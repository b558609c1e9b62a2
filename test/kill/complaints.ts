import type { Database } from '../../platform/db/database.js'
import { moneyDifferences, stockDifferences } from '../../subgraphs/orders/store/audits.js'

/** An order that a buyer was told of, and whether he was told that its payment was taken up. */
export interface Acknowledged {
  readonly member: string
  readonly order: string
  readonly paid: boolean
}

/** What the parent of the processes knows by itself. */
export interface Known {
  readonly acknowledged: readonly Acknowledged[]
  readonly pieces: number
  /** Charges that succeeded at the payment provider. */
  readonly charged: number
}

/** All that is wrong after the killing: nothing, as long as the shop keeps its promises. */
export async function complaints(db: Database, known: Known): Promise<readonly string[]> {
  const found = await Promise.all([
    ordersAsTold(db, known),
    stockAndMoney(db),
    eventsHeardOnce(db),
    one(
      db,
      'pieces sold beyond those there were',
      `select greatest(0, sum(l.quantity) - ${known.pieces}) as n from orders.line l
      join orders.purchase p on p.id = l.purchase where p.state not in ('CANCELLED', 'EXPIRED', 'REFUNDED')`,
    ),
    one(
      db,
      'members with more than two pieces',
      `select count(*) as n from (
      select p.member from orders.purchase p join orders.line l on l.purchase = p.id group by 1 having sum(l.quantity) > 2) m`,
    ),
    one(db, 'payments undecided', `select count(*) as n from orders.payment where state = 'BEGUN'`),
    one(
      db,
      'orders paid more or less often than charged',
      `select abs(count(*) - ${known.charged}) as n from orders.payment where state = 'SUCCEEDED'`,
    ),
    one(
      db,
      'paid orders with two payments',
      `select count(*) as n from (select purchase from orders.payment where state = 'SUCCEEDED'
      group by 1 having count(*) > 1) p`,
    ),
  ])
  return found.flat()
}

async function ordersAsTold(db: Database, { acknowledged }: Known): Promise<readonly string[]> {
  const { rows } = await db.query<{ readonly id: string; readonly member: string; readonly state: string }>(
    'select id, member, state from orders.purchase',
  )
  const stored = new Map(rows.map((row) => [row.id, row]))
  const lost = acknowledged.filter(({ order, member }) => stored.get(order)?.member !== member)
  const unpaid = acknowledged.filter(({ order, paid }) => paid && stored.get(order)?.state !== 'PAID')
  const told = new Set(acknowledged.map(({ order }) => order))
  // Every buyer asks until he is answered, so that an order nobody was told of is a second one of somebody's.
  const doubled = rows.filter(({ id }) => !told.has(id))
  return [
    ...lost.map(({ order }) => `${order} was acknowledged and is not there`),
    ...unpaid.map(({ order }) => `${order} was paid and is ${stored.get(order)?.state ?? 'not there'}`),
    ...doubled.map(({ id, member }) => `${id} of ${member} was never acknowledged`),
    ...(told.size === acknowledged.length ? [] : ['one order was the answer to two keys']),
  ]
}

async function stockAndMoney(db: Database): Promise<readonly string[]> {
  const [stock, money] = await Promise.all([stockDifferences(db), moneyDifferences(db)])
  return [...stock, ...money].map(({ what, of, kept, counted }) => `${what}: ${of}: ${kept} kept, ${counted} counted`)
}

/** The listener wrote down what it heard without looking: each event of the outbox once, and nothing else. */
async function eventsHeardOnce(db: Database): Promise<readonly string[]> {
  const { rows } = await db.query<{ readonly id: string; readonly times: number }>(
    `select coalesce(o.id, h.id) as id, coalesce(h.times, 0) as times from orders.outbox o
     full join (select id, count(*) as times from orders.heard group by id) h on h.id = o.id
     where o.id is null or coalesce(h.times, 0) <> 1`,
  )
  return rows.map(({ id, times }) => `${id} was heard ${times} times`)
}

async function one(db: Database, what: string, sql: string): Promise<readonly string[]> {
  const { rows } = await db.query<{ readonly n: number | string }>(sql)
  const count = Number(rows[0]?.n ?? 0)
  return count === 0 ? [] : [`${what}: ${count}`]
}

import type { Database } from '../../platform/db/database.js'
import type { OrderState } from '../../schema/events/orders.js'
import { moneyDifferences, stockDifferences } from '../../subgraphs/orders/store/audits.js'
import { counted } from './counted.js'
import { saleComplaints } from './sale-complaints.js'

/** An order that a buyer was told of, and the state that it must have since he was told that his payment was taken up; null: he paid nothing. */
export interface Acknowledged {
  readonly member: string
  readonly order: string
  readonly state: OrderState | null
}

/** What the parent of the processes knows by itself. */
export interface Known {
  readonly acknowledged: readonly Acknowledged[]
  readonly pieces: number
  /** What the payment provider took, by the payments' ids. */
  readonly charged: ReadonlyMap<string, number>
}

/** All that is wrong after the killing: nothing, as long as the shop keeps its promises. */
export async function complaints(db: Database, known: Known): Promise<readonly string[]> {
  const found = await Promise.all([
    ordersAsTold(db, known),
    stockAndMoney(db),
    eventsHeardOnce(db),
    paymentsAsCharged(db, known),
    saleComplaints(db),
    counted(
      db,
      'pieces sold beyond those there were',
      `select greatest(0, sum(l.quantity) - ${known.pieces}) as n from orders.line l
      join orders.purchase p on p.id = l.purchase where p.state not in ('CANCELLED', 'EXPIRED', 'REFUNDED', 'FORFEITED')`,
    ),
    counted(
      db,
      'members with more than two pieces',
      `select count(*) as n from (
      select p.member from orders.purchase p join orders.line l on l.purchase = p.id group by 1 having sum(l.quantity) > 2) m`,
    ),
    counted(db, 'payments undecided', `select count(*) as n from orders.payment where state = 'BEGUN'`),
    counted(
      db,
      'orders paid by other payments than their state says, each once',
      `select count(*) as n from orders.purchase p left join orders.deposit d on d.purchase = p.id
       left join (select purchase, string_agg(part, ' ' order by part) as parts from orders.payment where state = 'SUCCEEDED' group by 1) s
         on s.purchase = p.id
       where coalesce(s.parts, '') <> case when p.state = 'PAID' and d.purchase is null then 'WHOLE' when p.state = 'PAID' then 'BALANCE DEPOSIT'
         when p.state = 'DEPOSIT_PAID' then 'DEPOSIT' else '' end`,
    ),
  ])
  return found.flat()
}

async function ordersAsTold(db: Database, { acknowledged }: Known): Promise<readonly string[]> {
  const { rows } = await db.query<{ readonly id: string; readonly member: string; readonly state: string }>(
    'select id, member, state from orders.purchase',
  )
  const stored = new Map(rows.map((row) => [row.id, row]))
  const lost = acknowledged.filter(({ order, member }) => stored.get(order)?.member !== `Member:${member}`)
  const unpaid = acknowledged.filter(({ order, state }) => state !== null && stored.get(order)?.state !== state)
  const told = new Set(acknowledged.map(({ order }) => order))
  // Every buyer asks until he is answered, so that an order nobody was told of is a second one of somebody's.
  const doubled = rows.filter(({ id }) => !told.has(id))
  return [
    ...lost.map(({ order }) => `${order} was acknowledged and is not there`),
    ...unpaid.map(({ order, state }) => `${order} was ${state} and is ${stored.get(order)?.state ?? 'not there'}`),
    ...doubled.map(({ id, member }) => `${id} of ${member} was never acknowledged`),
    ...(told.size === acknowledged.length ? [] : ['one order was the answer to two keys']),
  ]
}

async function stockAndMoney(db: Database): Promise<readonly string[]> {
  const [stock, money] = await Promise.all([stockDifferences(db), moneyDifferences(db)])
  return [...stock, ...money].map(({ what, of, kept, counted }) => `${what}: ${of}: ${kept} kept, ${counted} counted`)
}

/** What the provider took is what the payments say that came, payment by payment. */
async function paymentsAsCharged(db: Database, { charged }: Known): Promise<readonly string[]> {
  const { rows } = await db.query<{ readonly id: string; readonly minor: number }>(
    `select id, amount_minor as minor from orders.payment where state = 'SUCCEEDED'`,
  )
  const came = new Map(rows.map(({ id, minor }) => [id, minor]))
  const differing = [...new Set([...came.keys(), ...charged.keys()])].filter((id) => came.get(id) !== charged.get(id))
  return differing.map((id) => `${id}: ${charged.get(id) ?? 0} were charged, ${came.get(id) ?? 0} came`)
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

import type { Database } from '../../../platform/db/database.js'
import { MAIN } from '../domain/warehouses.js'

/** A figure that is kept, beside the same figure counted anew, where the two differ. */
export interface Difference {
  readonly what: string
  readonly of: string
  readonly kept: number
  readonly counted: number
}

/** Where an order holds pieces that are not sold. */
const HOLDING = "'RESERVED', 'PAYING', 'DEPOSIT_DUE', 'DEPOSIT_PAYING', 'DEPOSIT_PAID', 'BALANCE_PAYING'"

/** A variant, and the warehouse where it is not the main one. */
const SHELF = `variant || case warehouse when '${MAIN}' then '' else ' in ' || warehouse end`

/** A statement of the columns what, of, kept and counted. */
const STOCK_AUDITS: readonly string[] = [
  `select what, ${SHELF} as of, kept, counted from orders.shelf s
   full join (select variant, warehouse, sum(on_hand) as on_hand, sum(reserved) as reserved, sum(sold) as sold
              from orders.movement group by variant, warehouse) m using (variant, warehouse),
   lateral (values ('on hand by movements', coalesce(s.on_hand, 0), coalesce(m.on_hand, 0)),
     ('reserved by movements', coalesce(s.reserved, 0), coalesce(m.reserved, 0)),
     ('sold by movements', coalesce(s.sold, 0), coalesce(m.sold, 0))) as v(what, kept, counted)`,
  `select what, ${SHELF} as of, kept, counted from orders.shelf s
   full join (select l.variant, l.warehouse, sum(l.quantity - l.returned) filter (where p.state in (${HOLDING}) and l.flash_sale is null) as held,
                sum(l.quantity - l.returned) filter (where p.state in ('PAID', 'SHIPPED', 'COMPLETED', 'REFUNDED')) as sold
              from orders.line l join orders.purchase p on p.id = l.purchase group by l.variant, l.warehouse) o using (variant, warehouse)
   full join (select variant, warehouse, sum(case when closed then held else quota - sold - returned end) as held
              from orders.sale_now group by variant, warehouse) f using (variant, warehouse),
   lateral (values ('reserved by orders and sales', coalesce(s.reserved, 0), coalesce(o.held, 0) + coalesce(f.held, 0)),
     ('sold by orders', coalesce(s.sold, 0), coalesce(o.sold, 0))) as v(what, kept, counted)`,
  `select 'warehouse of a parcel' as what, l.id as of, 1 as kept, 0 as counted from orders.line l
   join orders.parcel p on p.id = l.parcel where p.warehouse <> l.warehouse`,
  `select 'warehouse of a sale' as what, l.id as of, 1 as kept, 0 as counted from orders.line l
   join orders.flash_sale f on f.id = l.flash_sale where f.warehouse <> l.warehouse`,
  `select what, f.id as of, kept, counted from orders.sale_now f
   left join (select l.flash_sale as id, sum(l.quantity - l.returned) filter (where p.state in ('RESERVED', 'PAYING')) as held,
                sum(l.quantity - l.returned) filter (where p.state in ('PAID', 'SHIPPED', 'COMPLETED', 'REFUNDED')) as sold
              from orders.line l join orders.purchase p on p.id = l.purchase where l.flash_sale is not null group by 1) o using (id),
   lateral (values ('held of a sale', f.held, coalesce(o.held, 0)), ('sold of a sale', f.sold, coalesce(o.sold, 0))) as v(what, kept, counted)`,
  `select what, f.id as of, kept, counted from orders.flash_sale f
   left join (select flash_sale as id, count(*) filter (where state = 'WAITING') as waiting, count(*) filter (where state = 'OFFERED') as aside
              from orders.waiter group by 1) w using (id)
   left join (select flash_sale as id, sum(aside) as members from orders.flash_sale_member group by 1) m using (id),
   lateral (values ('waiting for a sale', f.waiting, coalesce(w.waiting, 0)), ('set aside of a sale', f.aside, coalesce(w.aside, 0)),
     ('set aside for buyers', f.aside, coalesce(m.members, 0))) as v(what, kept, counted)`,
  `select what, f.id as of, kept, counted from orders.flash_sale f
   join (select flash_sale as id, count(*) as rows, sum(quota) as quota from orders.sale_bucket group by 1) b using (id),
   lateral (values ('buckets of a sale', f.buckets, b.rows), ('quota of a sale', f.quota, b.quota)) as v(what, kept, counted)`,
  `select what, b.flash_sale || ' ' || b.bucket as of, kept, counted from orders.sale_bucket b
   left join (select l.flash_sale, l.bucket, sum(l.quantity - l.returned) filter (where p.state in ('RESERVED', 'PAYING')) as held,
                sum(l.quantity - l.returned) filter (where p.state in ('PAID', 'SHIPPED', 'COMPLETED', 'REFUNDED')) as sold
              from orders.line l join orders.purchase p on p.id = l.purchase where l.bucket is not null group by 1, 2) o using (flash_sale, bucket),
   lateral (values ('held of a bucket', b.held, coalesce(o.held, 0)), ('sold of a bucket', b.sold, coalesce(o.sold, 0))) as v(what, kept, counted)`,
  `select 'taken by a buyer' as what, flash_sale || ' ' || buyer as of, coalesce(kept, 0) as kept, coalesce(counted, 0) as counted
   from (select flash_sale, buyer, taken as kept from orders.flash_sale_member) m
   full join (select l.flash_sale, coalesce(p.member, 'partner:' || p.partner) as buyer, sum(l.quantity - l.returned) as counted
              from orders.line l join orders.purchase p on p.id = l.purchase
              where l.flash_sale is not null and p.state not in ('CANCELLED', 'EXPIRED') group by 1, 2) o
     using (flash_sale, buyer)`,
  `select 'pieces back of a line' as what, l.id as of, l.returned as kept, coalesce(m.back, 0) as counted
   from orders.line l join orders.purchase p on p.id = l.purchase and p.state not in ('CANCELLED', 'EXPIRED', 'FORFEITED')
   left join (select line, sum(quantity) as back from orders.movement where kind in ('release', 'takeBack') group by line) m
     on m.line = l.id`,
  `select 'taken of a pre-sale' as what, s.id as of, s.taken as kept, coalesce(d.taken, 0) as counted from orders.pre_sale s
   left join (select d.pre_sale, sum(d.pieces) as taken from orders.deposit d join orders.purchase p on p.id = d.purchase
              where not (p.state in ('CANCELLED', 'EXPIRED', 'FORFEITED')) group by 1) d on d.pre_sale = s.id`,
  `select 'damaged of a line' as what, coalesce(i.line, m.line) as of, coalesce(i.damaged, 0) as kept, coalesce(m.damaged, 0) as counted
   from (select i.line, sum(i.damaged) as damaged from orders.after_sale_item i join orders.after_sale a on a.id = i.after_sale
         where a.state in ('REFUNDED', 'EXCHANGED') group by i.line) i
   full join (select line, sum(quantity) as damaged from orders.movement where kind = 'damage' group by line) m using (line)`,
  `select 'lines without an order' as what, l.id as of, 1 as kept, 0 as counted from orders.line l
   where not exists (select from orders.purchase p where p.id = l.purchase)`,
  `select 'lines of an unknown sale' as what, l.id as of, 1 as kept, 0 as counted from orders.line l
   where l.flash_sale is not null and not exists (select from orders.flash_sale f where f.id = l.flash_sale)`,
]

const MONEY_AUDITS: readonly string[] = [
  `select 'sum of all accounts' as what, currency as of, 0 as kept, sum(amount) as counted from (
     select currency, amount_minor as amount from orders.entry union all select currency, -amount_minor from orders.entry) e
   group by currency`,
  `select 'paid by entries' as what, p.id as of, p.paid_minor as kept, coalesce(e.paid, 0) as counted from orders.purchase p
   left join (select purchase, sum(amount_minor) as paid from orders.entry
              where kind = 'SALE' and credit like 'seller:%' and debit not like 'exchange:%' and debit not like 'deposit:%'
                or kind = 'DEPOSIT' and credit like 'deposit:%' group by purchase) e on e.purchase = p.id where p.paid_minor <> 0 or e.paid <> 0`,
  `select 'refunded by entries' as what, p.id as of, p.refunded_minor as kept, coalesce(e.back, 0) as counted from orders.purchase p
   left join (select purchase, sum(case when debit like 'exchange:%' then -amount_minor else amount_minor end) as back from orders.entry
              where kind = 'SALE' and (debit like 'seller:%' or debit like 'exchange:%') or kind = 'DEPOSIT' and debit like 'deposit:%'
              group by purchase) e on e.purchase = p.id where p.refunded_minor <> 0 or e.back <> 0`,
  `select 'left by lines' as what, p.id as of, p.paid_minor - p.refunded_minor as kept, l.left as counted from orders.purchase p
   join (select purchase, sum(total_minor - back_minor) as left from orders.line group by purchase) l on l.purchase = p.id
   where p.paid_at is not null`,
  `select 'refunds of an order' as what, p.id as of, p.refunded_minor as kept, coalesce(r.back, 0) as counted from orders.purchase p
   left join (select purchase, sum(amount_minor) as back from orders.refund where not late
              group by purchase) r on r.purchase = p.id where p.paid_minor > 0 or r.back > 0`,
  `select 'deposit of an order' as what, coalesce(p.id, e.purchase) as of, coalesce(p.paid_minor, 0) as kept, coalesce(e.held, 0) as counted
   from (select id, paid_minor from orders.purchase where state in ('DEPOSIT_PAID', 'BALANCE_PAYING')) p
   full join (select purchase, sum(amount) as held from (
       select purchase, amount_minor as amount from orders.entry where credit like 'deposit:%' union all
       select purchase, -amount_minor from orders.entry where debit like 'deposit:%') d group by purchase) e on e.purchase = p.id`,
  `select 'owed to buyers' as what, coalesce(r.currency, e.currency) as of, coalesce(due, 0) as kept, coalesce(owed, 0) as counted
   from (select currency, sum(amount_minor - e_card_minor) as due from orders.refund where state = 'DUE' group by currency) r
   full join (select currency, sum(amount) as owed from (
       select currency, amount_minor as amount from orders.entry where credit like 'buyer:%' union all
       select currency, -amount_minor from orders.entry where debit like 'buyer:%') b group by currency) e using (currency)`,
  `select 'balance of an e-card' as what, c.member || ' ' || c.currency as of, c.balance_minor as kept, coalesce(e.balance, 0) as counted
   from orders.e_card c left join (select name, currency, sum(amount) as balance from (
       select credit as name, currency, amount_minor as amount from orders.entry where credit like 'ecard:%' union all
       select debit, currency, -amount_minor from orders.entry where debit like 'ecard:%') x group by name, currency) e
     on e.name = 'ecard:' || c.member and e.currency = c.currency`,
  `select 'held of e-cards' as what, coalesce(p.currency, e.currency) as of, coalesce(held, 0) as kept, coalesce(counted, 0) as counted
   from (select currency, sum(e_card_minor) as held from orders.payment where e_card_state = 'HELD' group by currency) p
   full join (select currency, sum(amount) as counted from (
       select currency, amount_minor as amount from orders.entry where credit like 'held:%' union all
       select currency, -amount_minor from orders.entry where debit like 'held:%') h group by currency) e using (currency)`,
  `select 'used of a session' as what, s.id as of, s.used_minor as kept, coalesce(u.used, 0) as counted from orders.subsidy_session s
   left join (select session, sum(amount_minor - back_minor) as used from orders.subsidy_use group by session) u on u.session = s.id`,
  `select 'kept of what came back' as what, e.purchase || ' ' || e.name as of, 0 as kept, sum(e.amount) as counted from (
     select purchase, credit as name, amount_minor as amount from orders.entry union all
     select purchase, debit, -amount_minor from orders.entry) e join orders.purchase p on p.id = e.purchase
   where p.state = 'REFUNDED' and e.name ~ '^(seller|host|influencer|partner-share|subsidy):' group by 1, 2`,
]

/** Counts the stock anew from its movements, and from the orders and sales; gives at most a hundred differences. None is expected. */
export function stockDifferences(db: Database): Promise<readonly Difference[]> {
  return differences(db, STOCK_AUDITS)
}

/** Counts the accounts anew, and compares them with the orders and the refunds; gives at most a hundred differences. None is expected. */
export function moneyDifferences(db: Database): Promise<readonly Difference[]> {
  return differences(db, MONEY_AUDITS)
}

/** All questions see the same moment, so that a shop at work does not differ from itself. */
async function differences(db: Database, audits: readonly string[]): Promise<readonly Difference[]> {
  const { rows } = await db.query<Difference>(
    `select what, of, kept::bigint as kept, counted::bigint as counted from (${audits.map((audit) => `(${audit})`).join(' union all ')}) a
     where kept <> counted order by 1, 2 limit 100`,
  )
  return rows
}

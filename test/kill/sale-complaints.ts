import type { Database } from '../../platform/db/database.js'
import { counted } from './counted.js'

/** Orders that hold no pieces any more. */
const ENDED = "'CANCELLED', 'EXPIRED', 'REFUNDED', 'FORFEITED'"

/** All that is wrong with sales and pre-sales: given beyond their quota, by their counters or by their orders, or told otherwise than they are. */
export async function saleComplaints(db: Database): Promise<readonly string[]> {
  const found = await Promise.all([
    counted(
      db,
      'pieces given beyond the quota of a sale',
      `select sum(greatest(0, l.given - f.quota)) as n from orders.flash_sale f join (
         select l.flash_sale as id, sum(l.quantity - l.returned) as given from orders.line l join orders.purchase p on p.id = l.purchase
         where p.state not in (${ENDED}) group by 1) l using (id)`,
    ),
    counted(
      db,
      'divided sales that count in their own row',
      'select count(*) as n from orders.flash_sale where buckets > 1 and (held, sold, returned) <> (0, 0, 0)',
    ),
    counted(
      db,
      'divided sales whose buckets have more or less than its row',
      `select count(*) as n from orders.flash_sale f where buckets > 1 and (buckets, quota) <> (
         select count(*), sum(b.quota) from orders.sale_bucket b where b.flash_sale = f.id and b.held + b.sold + b.returned <= b.quota)`,
    ),
    counted(
      db,
      'lines of divided sales in no bucket of theirs',
      `select count(*) as n from orders.line l join orders.flash_sale f on f.id = l.flash_sale where f.buckets > 1
       and not exists (select from orders.sale_bucket b where b.flash_sale = l.flash_sale and b.bucket = l.bucket)`,
    ),
    counted(
      db,
      'sales last told of with more or less than they have left',
      `select count(*) as n from orders.sale_now s where quota - held - sold - returned <> (
         select (body::jsonb ->> 'left')::bigint from orders.outbox where body::jsonb ->> 'flashSale' = s.id
         order by (body::jsonb ->> 'version')::bigint desc limit 1)`,
    ),
    counted(
      db,
      'pieces taken beyond the quota of a pre-sale',
      `select sum(greatest(0, s.taken - s.quota, coalesce(d.pieces, 0) - s.quota)) as n from orders.pre_sale s left join (
         select d.pre_sale as id, sum(d.pieces) as pieces from orders.deposit d join orders.purchase p on p.id = d.purchase
         where p.state not in (${ENDED}) group by 1) d using (id)`,
    ),
  ])
  return found.flat()
}

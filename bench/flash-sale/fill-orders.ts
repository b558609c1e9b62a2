import type { Database } from '../../platform/db/database.js'

/** Sales that are over, among which the orders of the past are shared out. */
const SALES = 100
/** Members who bought; each had many orders, none of them twice of one sale. */
const BUYERS = 200_000

/** An order of the past: its number, a key that is as random as a real one, who bought it, and of which sale. */
const PAST = `select n, k, 'Order:' || k as id, 'OrderLine:' || k || '-1' as line, 'Member:' || substr(md5('m' || n % ${BUYERS}), 1, 12) as member,
    'FlashSale:past' || n % ${SALES} as sale, 'Variant:past' || n % ${SALES} as variant, now() - make_interval(secs => ($1 - n) * 0.2) as at
  from (select n::integer, md5('past ' || n) as k from generate_series(0, $1::integer - 1) n) numbered`

/** What each kind of row is written by; in the order of the keys, so that the indexes grow at one end while they are filled. */
const STEPS: readonly (readonly [what: string, sql: string])[] = [
  [
    'sales that are over',
    `with part as (select s, 'Variant:past' || s as variant, ($1::integer + ${SALES} - 1 - s) / ${SALES} as pieces from generate_series(0, ${SALES - 1}) s),
     goods as (insert into orders.goods (variant, product, title, seller, self_operated, version, currency, list_minor)
       select variant, 'Product:past' || s, 'Sold once', 'shop', true, 1, 'CNY', 1990 from part),
     stock as (insert into orders.stock (variant, on_hand, sold, version, feed_version) select variant, pieces, pieces, 1, 1 from part),
     moved as (insert into orders.movement (kind, variant, quantity, on_hand, reserved, sold, flash_sale)
       select kind, variant, pieces, on_hand, reserved, 0, 'FlashSale:past' || s
       from part, lateral (values ('feed', pieces, 0), ('allot', 0, pieces)) as m(kind, on_hand, reserved) where pieces > 0)
     insert into orders.flash_sale (id, variant, product, price_minor, currency, quota, sold, per_member, starts_at, closed, told_state, opened_by)
     select 'FlashSale:past' || s, variant, 'Product:past' || s, 990, 'CNY', greatest(pieces, 1), pieces, 1000, now() - interval '3 days', true, 'CLOSED',
       'Member:op' from part`,
  ],
  [
    'orders',
    `insert into orders.purchase (id, state, version, member, currency, total_minor, paid_minor, address_id, reserved_until, carrier, waybill,
       created_at, paid_at, shipped_at, closed_at)
     select id, 'COMPLETED', 5, member, 'CNY', 990, 990, 'Address:a1', at, 'SF', 'SF' || n, at, at, at, at from (${PAST}) p order by id`,
  ],
  [
    'lines',
    `insert into orders.line (id, purchase, place, variant, product, quantity, unit_minor, total_minor, steps, flash_sale, outlet, parcel)
     select line, id, 0, variant, 'Product:past' || n % ${SALES}, 1, 990, 990,
       '{"currency":"CNY","steps":[{"kind":"FLASH_SALE","label":"flash sale","amountMinor":-1000,"shares":[]}],"coupons":[]}', sale, 'app',
       'Parcel:' || k || '-1' from (${PAST}) p order by line`,
  ],
  [
    'parcels',
    `insert into orders.parcel (id, purchase, place, seller, state, carrier, waybill, shipped_at, received_at)
     select 'Parcel:' || k || '-1', id, 1, 'shop', 'RECEIVED', 'SF', 'SF' || n, at, at from (${PAST}) p order by 1`,
  ],
  [
    'movements',
    `insert into orders.movement (at, kind, variant, quantity, on_hand, reserved, sold, flash_sale, line)
     select at, kind, variant, 1, 0, reserved, sold, sale, line
     from (${PAST}) p, lateral (values ('hold', 0, 0), ('sell', -1, 1)) as m(kind, reserved, sold) order by line, kind`,
  ],
  [
    'limits of members',
    `insert into orders.flash_sale_member (flash_sale, buyer, taken) select sale, member, count(*) from (${PAST}) p group by 1, 2 order by 1, 2`,
  ],
  [
    'keys',
    `insert into orders.once (owner, key, body, answer, at)
     select member, 'place past-' || n, 'rW3sT0pQyZ1aB2cD3eF4gH5iJ6kL7mN8oP9qR0sT1u8=', '{"order":"' || id || '"}', at from (${PAST}) p order by 1, 2`,
  ],
  [
    'payments',
    `insert into orders.payment (id, purchase, method, state, charge, amount_minor, currency, begun_at, decided_at)
     select 'Payment:' || k, id, 'card', 'SUCCEEDED', 'ch-' || k, 990, 'CNY', at, at from (${PAST}) p order by 1`,
  ],
  [
    'entries of the ledger',
    `insert into orders.entry (deed, place, at, purchase, line, kind, debit, credit, amount_minor, currency)
     select id || ':paid', 0, at, id, line, 'SALE', 'provider', 'seller:shop', 990, 'CNY' from (${PAST}) p order by 1`,
  ],
]

/**
 * A shop that has sold so many orders before: what their whole life left behind, from the sale to the receipt, in tables and
 * indexes. Each kind of row is one statement (a million orders: about a minute); the outbox is left out, as it forgets.
 */
export async function fillOrders(db: Database, orders: number, say: (what: string) => void): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.query("set local work_mem = '256MB'")
    for (const [what, sql] of STEPS) {
      say(what)
      await tx.query(sql, [orders])
    }
  })
  say('statistics')
  for (const table of ['purchase', 'line', 'parcel', 'movement', 'flash_sale_member', 'once', 'payment', 'entry'])
    await db.query(`vacuum (analyze) orders.${table}`)
}

import { REPORTED_DAYS } from './reported-days-migration.js'
import { ADDRESSES_END } from './sealed-addresses.js'
import { OUTBOX_TABLE } from '../../../platform/bus/outbox.js'
import { PLACE_TABLE } from '../../../platform/bus/consume.js'
import type { Migration } from '../../../platform/db/migrate.js'
import { ONCE_TABLE } from '../../../platform/db/once.js'
import { HOST_DEALS } from './host-deal-migration.js'
import { AFTER_SALES, E_CARDS, PARCELS, RETURNS } from './after-sales-migration.js'
import { ACTING_TABLE } from '../../host/acting/acting-for.js'
import { SALE_BUCKETS } from './bucket-migration.js'
import { DELIVERIES } from './deliveries.js'
import { LAUNCHES } from './launches.js'
import { MEMBER_ADDRESSES } from './member-addresses.js'
import { OFFERS_TOLD } from './offers-told-migration.js'
import { POOL_GOODS, POOL_PICKS } from './pool-picks.js'
import { PRE_SALES } from './pre-sale-migration.js'
import { PRICES } from './price-migration.js'
import { SUBSIDY_SESSIONS } from './subsidy-migration.js'
import { QUEUES } from './queue-migration.js'
import { WAITING } from './waiting-migration.js'
import { WAREHOUSES } from './warehouse-migration.js'

/** What others told of goods and rooms: small copies, each with the version it came by. */
const COPIES = `
create table orders.goods (
  variant text primary key,
  product text not null,
  title text not null,
  sku text,
  seller text not null,
  self_operated boolean not null,
  image text,
  version bigint not null,
  currency text not null,
  list_minor bigint not null check (list_minor >= 0),
  compare_at_minor bigint check (compare_at_minor >= 0)
);
create table orders.room (
  room text primary key,
  version bigint not null,
  host text not null,
  state text not null
);
create table orders.room_price (
  room text not null,
  variant text not null,
  version bigint not null,
  shelved boolean not null,
  price_minor bigint check (price_minor >= 0),
  currency text,
  primary key (room, variant)
);
`

/**
 * The stock ledger. A variant's row is the balance, its movements are why; on hand is every piece that ever came in,
 * sold pieces included, so that available = on hand - reserved - sold. A sale's unsold quota is part of reserved.
 */
const STOCK = `
create table orders.stock (
  variant text primary key,
  on_hand bigint not null default 0 check (on_hand >= 0),
  reserved bigint not null default 0 check (reserved >= 0),
  sold bigint not null default 0 check (sold >= 0),
  version bigint not null default 0,
  feed_version bigint not null default -1,
  check (on_hand - reserved - sold >= 0)
);
create table orders.flash_sale (
  id text primary key,
  variant text not null,
  product text not null,
  room text,
  price_minor bigint not null check (price_minor >= 0),
  currency text not null,
  quota bigint not null check (quota > 0),
  held bigint not null default 0 check (held >= 0),
  sold bigint not null default 0 check (sold >= 0),
  returned bigint not null default 0 check (returned >= 0),
  per_member bigint not null check (per_member > 0),
  starts_at timestamptz not null,
  ends_at timestamptz,
  closed boolean not null default false,
  told_state text not null,
  version bigint not null default 1,
  opened_by text not null,
  check (held + sold + returned <= quota)
);
create index flash_sale_awake on orders.flash_sale (starts_at) where not closed;
create table orders.flash_sale_member (
  flash_sale text not null references orders.flash_sale,
  buyer text not null,
  taken bigint not null check (taken >= 0),
  primary key (flash_sale, buyer)
);
create table orders.movement (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  kind text not null,
  variant text not null,
  quantity bigint not null,
  on_hand bigint not null,
  reserved bigint not null,
  sold bigint not null,
  flash_sale text,
  line text,
  reason text,
  unique (line, kind)
);
create index movement_of_variant on orders.movement (variant, id);
create function orders.refuse_change() returns trigger language plpgsql as $$ begin raise exception 'movements are only added'; end $$;
create trigger movement_is_kept before update or delete on orders.movement for each row execute function orders.refuse_change();
`

/** Orders. An order's row is called purchase because ORDER is a word of SQL; where each line's buyer came from is kept from the first. */
const PURCHASES = `
create table orders.purchase (
  id text primary key,
  number bigint generated always as identity unique,
  state text not null,
  version integer not null default 1,
  member text,
  partner text,
  partner_order text,
  body_hash text,
  currency text not null,
  total_minor bigint not null check (total_minor >= 0),
  paid_minor bigint not null default 0 check (paid_minor >= 0),
  refunded_minor bigint not null default 0 check (refunded_minor >= 0),
  address_id text,
  address_sealed bytea,
  reserved_until timestamptz not null,
  carrier text,
  waybill text,
  reason text,
  created_at timestamptz not null,
  paid_at timestamptz,
  shipped_at timestamptz,
  closed_at timestamptz,
  unique (partner, partner_order),
  check (refunded_minor <= paid_minor),
  check ((member is null) <> (partner is null)),
  check ((partner is null) = (partner_order is null))
);
create index purchase_of_member on orders.purchase (member, number desc) where member is not null;
create index purchase_of_partner on orders.purchase (partner, number desc) where partner is not null;
create index purchase_unpaid on orders.purchase (reserved_until) where state in ('RESERVED', 'PAYING');
create table orders.line (
  id text primary key,
  purchase text not null references orders.purchase,
  place integer not null,
  variant text not null,
  product text not null,
  quantity bigint not null check (quantity > 0),
  unit_minor bigint not null check (unit_minor >= 0),
  total_minor bigint not null check (total_minor = unit_minor * quantity),
  steps jsonb not null,
  flash_sale text references orders.flash_sale,
  room text,
  host text,
  outlet text,
  campaign_link text,
  partner text,
  click text,
  unique (purchase, place)
);
create table orders.payment (
  id text primary key,
  purchase text not null references orders.purchase,
  method text not null,
  state text not null,
  charge text unique,
  amount_minor bigint not null check (amount_minor >= 0),
  currency text not null,
  begun_at timestamptz not null,
  decided_at timestamptz
);
create index payment_of_purchase on orders.payment (purchase);
create index payment_undecided on orders.payment (begun_at) where state = 'BEGUN';
create table orders.refund (
  id text primary key,
  purchase text not null references orders.purchase,
  payment text unique references orders.payment,
  state text not null,
  amount_minor bigint not null check (amount_minor >= 0),
  currency text not null,
  reason text not null,
  begun_at timestamptz not null,
  done_at timestamptz
);
create index refund_of_purchase on orders.refund (purchase);
create index refund_due on orders.refund (begun_at) where state = 'DUE';
`

/**
 * What a rush pays for each order, made less: a line is written in the statement's transaction that writes its order, by one
 * function, so that no key needs to be looked up again for it; and keys that members' orders do not have are not indexed. Measured in bench/flash-sale; `npm run audit:stock` looks for orphans.
 */
const RUSH = `
alter table orders.line drop constraint line_purchase_fkey, drop constraint line_flash_sale_fkey;
alter table orders.flash_sale_member drop constraint flash_sale_member_flash_sale_fkey;
alter table orders.purchase drop constraint purchase_partner_partner_order_key;
create unique index purchase_partner_order on orders.purchase (partner, partner_order) where partner is not null;
drop index orders.movement_of_variant;
drop index orders.once_by_age;
create index once_by_age on orders.once using brin (at) with (pages_per_range = 32);
`

/** The money ledger: each row takes from one account what it gives to another, so that all accounts together hold nothing. */
const MONEY = `
create table orders.entry (
  deed text not null,
  place integer not null,
  at timestamptz not null,
  purchase text not null,
  line text,
  kind text not null,
  debit text not null,
  credit text not null,
  amount_minor bigint not null check (amount_minor > 0),
  currency text not null,
  rate_bp integer,
  primary key (deed, place),
  check (debit <> credit)
);
create index entry_of_debit on orders.entry (debit, at);
create index entry_of_credit on orders.entry (credit, at);
create trigger entry_is_kept before update or delete on orders.entry for each row execute function orders.refuse_change();
`

/** The steps of this subgraph's database schema, oldest first. */
export const migrations: readonly Migration[] = [
  { name: '001-copies', sql: COPIES },
  { name: '002-stock', sql: STOCK },
  { name: '003-purchases', sql: PURCHASES },
  { name: '004-outbox', sql: `${ONCE_TABLE('orders')};\n${OUTBOX_TABLE('orders')};\n${PLACE_TABLE('orders')}` },
  { name: '005-forgetting', sql: 'create index once_by_age on orders.once (at)' },
  { name: '006-rush', sql: RUSH },
  { name: '007-money', sql: MONEY },
  // Forgetting looks for the oldest: a block range index made that a walk through the whole table, for a microsecond less per order.
  { name: '008-oldest-keys', sql: 'drop index orders.once_by_age; create index once_by_age on orders.once (at)' },
  { name: '009-prices', sql: PRICES },
  { name: '010-after-sales', sql: AFTER_SALES },
  { name: '011-e-cards', sql: E_CARDS },
  { name: '012-offers-told', sql: OFFERS_TOLD },
  { name: '013-parcels', sql: PARCELS },
  { name: '015-returns', sql: RETURNS },
  { name: '016-subsidy-sessions', sql: SUBSIDY_SESSIONS },
  { name: '017-host-deals', sql: HOST_DEALS },
  { name: '020-queues', sql: QUEUES },
  { name: '021-waiting', sql: WAITING },
  { name: '030-acting-for', sql: ACTING_TABLE('orders') },
  { name: '031-pool-picks', sql: POOL_PICKS },
  { name: '032-launches', sql: LAUNCHES },
  { name: '034-pre-sales', sql: PRE_SALES },
  { name: '035-warehouses', sql: WAREHOUSES },
  { name: '036-deliveries', sql: DELIVERIES },
  { name: '037-sale-buckets', sql: SALE_BUCKETS },
  { name: '038-pool-goods', sql: POOL_GOODS },
  { name: '039-addresses-end', sql: ADDRESSES_END },
  { name: '040-member-addresses', sql: MEMBER_ADDRESSES },
  { name: '042-reported-days', sql: REPORTED_DAYS },
]

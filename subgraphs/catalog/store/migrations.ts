import { PLACE_TABLE } from '../../../platform/bus/consume.js'
import { OUTBOX_TABLE } from '../../../platform/bus/outbox.js'
import type { Migration } from '../../../platform/db/migrate.js'
import { SEARCH } from './search-migration.js'
import { ACTING_TABLE } from '../../host/acting/acting-for.js'
import { POOL } from './pool-migration.js'
import { QUALITY_SESSIONS } from './quality-session-migration.js'

/** The name of catalog's schema in the database, and of its topic on the bus. */
export const SCHEMA = 'catalog'

/** Catalog's tables. Sharded, all of it goes by `product.id`, which a variant bears as `product_id`. */
export const MIGRATIONS: readonly Migration[] = [
  {
    name: '001-products',
    sql: `
      create table catalog.product (
        id text primary key,
        seller text not null,
        handle text not null,
        title text not null,
        description_html text not null,
        vendor text,
        product_type text,
        tags text[] not null,
        published boolean not null,
        self_operated boolean not null,
        currency text not null,
        options jsonb not null,
        images jsonb not null,
        title_bigrams text[] not null,
        fed_hash text not null,
        version int not null,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        unique (seller, handle)
      );
      create index product_newest on catalog.product (created_at desc, id desc);
      create index product_title on catalog.product using gin (title_bigrams);
      create table catalog.variant (
        id text primary key,
        product_id text not null references catalog.product (id),
        position int not null,
        sku text,
        title text,
        option_values text[] not null,
        price_minor bigint not null,
        compare_at_minor bigint,
        quantity bigint,
        inventory_policy text not null,
        barcode text,
        grams bigint,
        image text,
        requires_shipping boolean not null,
        taxable boolean not null,
        listed boolean not null,
        fed_hash text not null,
        version int not null
      );
      create index variant_of_product on catalog.variant (product_id, position);
      ${OUTBOX_TABLE(SCHEMA)}`,
  },
  { name: '002-search', sql: SEARCH },
  { name: '010-acting-for', sql: `${ACTING_TABLE(SCHEMA)} ${PLACE_TABLE(SCHEMA)}` },
  { name: '011-pool', sql: POOL },
  {
    // The id is made of both already. A second unique index is one that "on conflict (id)" does not look at: two imports that made the
    // same product at the same moment could meet there and fail.
    name: '012-one-key-of-products',
    sql: 'alter table catalog.product drop constraint product_seller_handle_key',
  },
  {
    name: '014-delivery-told',
    sql: 'alter table catalog.product add column deliver_version int not null default 0',
  },
  { name: '015-quality-sessions', sql: QUALITY_SESSIONS },
  { name: '016-forgetting', sql: 'create index once_by_age on catalog.once (at)' },
]

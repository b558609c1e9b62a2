import { PLACE_TABLE } from '../../../../platform/bus/consume.js'
import type { Migration } from '../../../../platform/db/migrate.js'
import { CONNECTOR_TABLES } from '../../connector-tables.js'
import { CREDENTIALS } from './credentials-migration.js'

/** The schema of the letters to partners. */
export const SCHEMA = 'webhooks'

/** Numbered steps; once landed they never change. */
export const migrations: readonly Migration[] = [
  {
    name: '001-first',
    sql: `${CONNECTOR_TABLES(SCHEMA)}
${PLACE_TABLE(SCHEMA)}
create table webhooks.webhook (
  partner text primary key,
  url text not null,
  secret_version bigint not null default 1,
  set_at timestamptz not null
);
create index letter_dead on webhooks.errand (key) where stuck is not null`,
  },
  {
    name: '002-goods',
    sql: `create sequence webhooks.goods_change;
create table webhooks.shelf (
  product text primary key,
  on_shelf boolean not null,
  version bigint not null
);
create table webhooks.goods (
  variant text primary key,
  product text not null,
  on_shelf boolean not null,
  change bigint not null unique,
  changed_at timestamptz not null
);
create index goods_of_product on webhooks.goods (product)`,
  },
  CREDENTIALS,
]

import { PLACE_TABLE } from '../../../../platform/bus/consume.js'
import type { Migration } from '../../../../platform/db/migrate.js'
import { CONNECTOR_TABLES } from '../../connector-tables.js'
import { AGREEMENT_OF_PARTNERS, AGREEMENT_TABLES } from '../../../host/books/difference-rows.js'
import { SCHEMA } from './kuaishou-tables.js'

/** Numbered steps; once landed they never change. Ids of the partner are texts: they pass 2^53. */
export const migrations: readonly Migration[] = [
  {
    name: '001-first',
    sql: `${CONNECTOR_TABLES(SCHEMA)}
${PLACE_TABLE(SCHEMA)}
create table kuaishou.good (
  variant text primary key,
  product text not null,
  title text not null,
  self_operated boolean not null,
  currency text not null,
  fed_version bigint not null default 0,
  list_minor bigint,
  price_version bigint not null default 0,
  available bigint,
  stock_version bigint not null default 0
);
create index good_product on kuaishou.good (product);
create table kuaishou.product (
  product text primary key,
  version bigint not null,
  title text not null,
  published boolean not null
);
create table kuaishou.item (
  product text primary key,
  rel_item bigint generated always as identity unique,
  kwai_item text unique
);
create table kuaishou.listing (
  variant text primary key,
  key text not null unique,
  product text not null references kuaishou.item (product),
  rel_sku bigint generated always as identity unique,
  wanted boolean not null,
  kwai_sku text unique,
  told_price_minor bigint,
  told_stock bigint,
  refused text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index listing_product on kuaishou.listing (product);
create table kuaishou.partner_order (
  oid text primary key,
  seen_version bigint not null default 0,
  known_version bigint not null default 0,
  state text,
  rel_sku text,
  quantity bigint not null default 0,
  unit_price_minor bigint not null default 0,
  total_minor bigint not null default 0,
  paid_at timestamptz,
  risky boolean not null default false,
  held boolean not null default false,
  sealed text,
  address bytea,
  addressed boolean not null default false,
  shop_order text,
  shop_state text,
  refused text,
  carrier text,
  waybill text
);
create table kuaishou.refund (
  refund_id text primary key,
  oid text not null,
  seen_version bigint not null default 0,
  known_version bigint not null default 0,
  state text,
  status bigint not null default 0,
  negotiation bigint not null default 0,
  with_return boolean not null default false,
  amount_minor bigint not null default 0,
  refused text
);
create index refund_order on kuaishou.refund (oid);
create table kuaishou.token (
  app_key text primary key,
  access bytea not null,
  refresh bytea not null,
  access_until timestamptz not null,
  refresh_until timestamptz not null,
  refreshing_until timestamptz
)`,
  },
  { name: '002-agreement', sql: AGREEMENT_TABLES(SCHEMA) },
  {
    name: '003-personal',
    sql: `create index order_personal on kuaishou.partner_order (oid) where address is not null or sealed is not null`,
  },
  {
    name: '004-subsidies-and-addresses',
    sql: `alter table kuaishou.listing add column told_subsidy_minor bigint not null default 0;
alter table kuaishou.partner_order add column address_told boolean not null default false,
  add column doubted boolean not null default false;
create table kuaishou.known_place (path text primary key, code text not null);
create index item_of_kwai on kuaishou.item (kwai_item) where kwai_item is not null`,
  },
  {
    name: '005-parts-of-refunds',
    sql: 'alter table kuaishou.refund add column given_minor bigint not null default 0',
  },
  { name: '006-agreement-of-partners', sql: AGREEMENT_OF_PARTNERS(SCHEMA, SCHEMA) },
]

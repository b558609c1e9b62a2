import { PLACE_TABLE } from '../../../platform/bus/consume.js'
import { OUTBOX_TABLE } from '../../../platform/bus/outbox.js'
import type { Migration } from '../../../platform/db/migrate.js'
import { ONCE_TABLE } from '../../../platform/db/once.js'
import { SEALED_ADDRESSES, TOLD_ADDRESSES } from './address-rows.js'
import { MERCHANTS } from './merchant-rows.js'
import { REMINDERS } from './reminder-rows.js'

/** The name of members' schema in the database, and of its topic on the bus. */
export const SCHEMA = 'members'

/** Members' tables. Sharded, all of it goes by the member's id. */
export const MIGRATIONS: readonly Migration[] = [
  {
    name: '001-members',
    sql: `
      create table members.member (
        id text primary key,
        nickname text not null,
        plus_until timestamptz,
        version int not null,
        created_at timestamptz not null
      );
      create table members.plus_period (
        grant_name text primary key,
        member_id text not null references members.member (id),
        years int not null check (years > 0),
        starts_at timestamptz not null,
        ends_at timestamptz not null,
        granted_at timestamptz not null
      );
      create table members.e_card (
        member_id text not null references members.member (id),
        currency text not null,
        balance_minor bigint not null check (balance_minor >= 0),
        primary key (member_id, currency)
      );
      create table members.e_card_entry (
        number bigint generated always as identity primary key,
        cause text not null unique,
        member_id text not null references members.member (id),
        currency text not null,
        amount_minor bigint not null,
        balance_minor bigint not null,
        reason text not null,
        at timestamptz not null
      );
      create index e_card_entry_newest on members.e_card_entry (member_id, currency, number desc);
      create table members.address (
        id text primary key,
        member_id text not null references members.member (id),
        region_code text not null,
        line text not null,
        receiver text not null,
        phone text not null,
        created_at timestamptz not null
      );
      create index address_of_member on members.address (member_id, created_at);
      ${OUTBOX_TABLE(SCHEMA)}
      ${PLACE_TABLE(SCHEMA)}`,
  },
  {
    // What is on the cards already is told to orders, which decides from now on what may be taken from them.
    name: '002-cards-are-told',
    sql: `
      insert into members.outbox (id, body)
        select cause || ':ecard', jsonb_build_object('id', cause || ':ecard', 'kind', 'members.eCardGranted', 'at', at, 'cause', cause,
          'member', member_id, 'currency', currency, 'amountMinor', amount_minor)::text
        from members.e_card_entry order by number;
      create index plus_period_newest on members.plus_period (member_id, starts_at desc, grant_name desc)`,
  },
  { name: '003-merchants', sql: MERCHANTS },
  { name: '004-once', sql: `${ONCE_TABLE(SCHEMA)} create index once_by_age on members.once (at)` },
  { name: '005-sealed-addresses', sql: SEALED_ADDRESSES },
  { name: '006-reminders', sql: REMINDERS },
  { name: '007-told-addresses', sql: TOLD_ADDRESSES },
]

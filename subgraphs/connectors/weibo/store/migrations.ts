import { PLACE_TABLE } from '../../../../platform/bus/consume.js'
import type { Migration } from '../../../../platform/db/migrate.js'
import { CONNECTOR_TABLES } from '../../connector-tables.js'

/** The schema's name in the database, and the subgraph's. */
export const SCHEMA = 'weibo'

/**
 * What influencers bound and what was posted for them; of other people's posts nothing is kept, as the network's terms ask.
 * Its ids are texts: they pass 2^53.
 */
const FIRST = `
create table weibo.account (
  member text primary key,
  uid text not null unique,
  token bytea,
  expires_at timestamptz(3) not null,
  bound_at timestamptz(3) not null,
  calls_day date,
  calls int not null default 0,
  resting_until timestamptz(3)
);
create table weibo.link (
  link text primary key,
  campaign text not null,
  influencer text not null,
  url text not null
);
create table weibo.post (
  id text primary key,
  link text not null references weibo.link,
  member text not null,
  text text not null,
  status text not null check (status in ('WAITING', 'DELAYED', 'POSTED', 'REFUSED', 'GONE')),
  reason text,
  tries int not null default 0,
  looks int not null default 0,
  mid text unique,
  reposts int not null default 0,
  comments int not null default 0,
  likes int not null default 0,
  counted_at timestamptz(3),
  missed int not null default 0,
  created_at timestamptz(3) not null
);
create index post_of_link on weibo.post (link, created_at, id)
`

export const migrations: readonly Migration[] = [
  { name: '001-first', sql: [CONNECTOR_TABLES(SCHEMA), PLACE_TABLE(SCHEMA), FIRST].join('\n;\n') },
]

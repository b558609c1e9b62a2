import type { Migration } from '../../../../platform/db/migrate.js'
import { ONCE_TABLE } from '../../../../platform/db/once.js'

/** Credentials of partners, what of their secrets is kept, and how often they asked. */
export const CREDENTIALS: Migration = {
  name: '003-credentials',
  sql: `${ONCE_TABLE('webhooks')}
create index once_by_age on webhooks.once (at);
create table webhooks.credential (
  id text primary key,
  partner text not null,
  label text not null,
  scopes text[] not null,
  networks text[] not null,
  per_minute bigint not null,
  per_day bigint not null,
  made_at timestamptz not null,
  used_at timestamptz,
  revoked_at timestamptz,
  revoked_why text,
  minute bigint not null default 0,
  minute_used bigint not null default 0,
  day bigint not null default 0,
  day_used bigint not null default 0
);
create table webhooks.credential_secret (
  credential text not null,
  hash text not null,
  made_at timestamptz not null,
  ends_at timestamptz,
  primary key (credential, hash)
);`,
}

import { ONCE_TABLE } from '../../../platform/db/once.js'

/** Pages of approved goods that a partner selects; what was approved before hosts' deals asked for it is told now. */
export const QUALITY_SESSIONS = `
${ONCE_TABLE('catalog')}
create table catalog.quality_session (
  id text primary key,
  number bigint generated always as identity unique,
  label text not null,
  partner text not null,
  least_grade text not null,
  starts_at timestamptz not null,
  ends_at timestamptz,
  check (ends_at is null or ends_at >= starts_at)
);
create table catalog.quality_good (
  session text not null references catalog.quality_session,
  entry text not null references catalog.pool_entry,
  number bigint generated always as identity,
  version int not null default 1,
  selected boolean not null,
  at timestamptz not null,
  primary key (session, entry)
);
create index quality_good_page on catalog.quality_good (session, number) where selected;
create index quality_good_of_entry on catalog.quality_good (entry) where selected;
insert into catalog.outbox (id, body)
select id || ':' || version, jsonb_build_object('id', id || ':' || version, 'kind', 'catalog.poolChanged',
  'at', to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'product', product, 'version', version,
  'approved', true, 'grade', grade)::text
from catalog.pool_entry where state = 'APPROVED' order by number;
`

/** The official pool: where each product stands, each step of its way, who picked it on which terms, and who asked for a sample. */
export const POOL = `
create table catalog.pool_entry (
  id text primary key,
  number bigint generated always as identity unique,
  product text not null unique references catalog.product (id),
  seller text not null,
  category text not null,
  state text not null,
  version int not null default 1,
  commission_bp int not null check (commission_bp between 0 and 9000),
  margin_bp int not null check (margin_bp between 0 and 10000),
  grade text,
  reasons text[] not null default '{}',
  submitted_at timestamptz not null,
  decided_at timestamptz,
  check ((state = 'APPROVED') <= (grade is not null))
);
create index pool_entry_open on catalog.pool_entry (category, number) where state = 'APPROVED';
create table catalog.pool_step (
  entry text not null references catalog.pool_entry,
  version int not null,
  deed text not null,
  state text not null,
  grade text,
  reasons text[] not null,
  by text not null,
  at timestamptz not null,
  primary key (entry, version)
);
create index pool_decided on catalog.pool_step (at) where deed in ('approve', 'reject');
create table catalog.pool_pick (
  entry text not null references catalog.pool_entry,
  host text not null,
  version int not null default 1,
  commission_bp int,
  at timestamptz not null,
  primary key (entry, host)
);
create table catalog.pool_sample (
  id text primary key,
  entry text not null references catalog.pool_entry,
  host text not null,
  state text not null,
  note text,
  asked_at timestamptz not null,
  answered_at timestamptz,
  unique (entry, host)
);
`

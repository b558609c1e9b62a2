/**
 * The tables that the kit keeps in a connector's schema; they belong into its first migration.
 * `fact` remembers the newest version told of each thing, `poll_place` where each poll was, `errand` what is still to be done.
 */
export function CONNECTOR_TABLES(schema: string): string {
  return `
create table ${schema}.fact (
  key text primary key,
  version bigint not null,
  body jsonb not null,
  at timestamptz not null default now()
);
create table ${schema}.poll_place (
  poll text primary key,
  cursor text not null,
  at timestamptz not null default now()
);
create table ${schema}.errand (
  kind text not null,
  key text not null,
  body jsonb not null,
  round bigint not null default 1,
  tries integer not null default 0,
  due_at timestamptz not null,
  leased_until timestamptz,
  stuck text,
  primary key (kind, key)
);
create index errand_due on ${schema}.errand (due_at) where stuck is null;
`
}

/** Subsidies with a budget: what orders take of it is counted on the session's row, under its lock, and kept line by line. */
export const SUBSIDY_SESSIONS = `
create table orders.subsidy_session (
  id text primary key,
  label text not null,
  partner text,
  currency text not null,
  budget_minor bigint not null check (budget_minor > 0),
  used_minor bigint not null default 0,
  shares jsonb not null,
  starts_at timestamptz not null,
  ends_at timestamptz,
  closed boolean not null default false,
  opened_by text not null,
  constraint within_budget check (used_minor between 0 and budget_minor)
);
create table orders.subsidy_use (
  session text not null references orders.subsidy_session,
  line text not null,
  amount_minor bigint not null check (amount_minor > 0),
  back_minor bigint not null default 0,
  primary key (line, session),
  check (back_minor between 0 and amount_minor)
);
create index subsidy_use_of_session on orders.subsidy_use (session);
alter table orders.price_offer add column session text references orders.subsidy_session;
create index price_offer_of_session on orders.price_offer (session) where session is not null;
alter table orders.entry add column session text;
create index entry_of_session on orders.entry (session) where session is not null;
`

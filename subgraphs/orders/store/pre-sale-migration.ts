/**
 * Pre-sales, and what each order of one pays first. Pieces of orders that came to nothing are `freed`: the pre-sale may give them again.
 * An order's payments say which part of it they are for.
 */
export const PRE_SALES = `
create table orders.pre_sale (
  id text primary key,
  variant text not null references orders.goods,
  product text not null,
  currency text not null,
  deposit_minor bigint not null check (deposit_minor > 0),
  counts_minor bigint not null check (counts_minor >= deposit_minor),
  shares jsonb not null,
  deposit_from timestamptz not null,
  deposit_until timestamptz not null,
  balance_from timestamptz not null,
  balance_until timestamptz not null,
  quota bigint not null check (quota > 0),
  taken bigint not null default 0 check (taken between 0 and quota),
  per_member bigint not null check (per_member > 0),
  missed text not null,
  given_up text not null,
  closed boolean not null default false,
  called_off boolean not null default false,
  over boolean not null default false,
  opened_by text not null,
  check (deposit_from < deposit_until and deposit_until <= balance_from and balance_from < balance_until)
);
create unique index pre_sale_of_variant on orders.pre_sale (variant) where not over;
create table orders.deposit (
  purchase text primary key references orders.purchase,
  pre_sale text not null references orders.pre_sale,
  member text not null,
  pieces bigint not null check (pieces > 0),
  deposit_minor bigint not null check (deposit_minor > 0),
  counts_minor bigint not null check (counts_minor >= deposit_minor),
  freed boolean not null default false,
  told boolean not null default false
);
create index deposit_of_member on orders.deposit (pre_sale, member) where not freed;
create index deposit_untold on orders.deposit (pre_sale) where not freed and not told;
create index purchase_pre_sold on orders.purchase (reserved_until) where state in ('DEPOSIT_DUE', 'DEPOSIT_PAYING', 'DEPOSIT_PAID', 'BALANCE_PAYING');
alter table orders.payment add column part text not null default 'WHOLE';
`

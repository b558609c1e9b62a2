/** What a price depends on beside the list price: a floor, stored offers, PLUS, what the list price was before, and coupons. */
export const PRICES = `
alter table orders.goods add column floor_minor bigint check (floor_minor >= 0), add column offered boolean not null default false;
create table orders.price_offer (
  id text primary key,
  kind text not null,
  variant text not null references orders.goods,
  label text not null,
  currency text not null,
  form text not null,
  amount bigint not null check (amount >= 0),
  shares jsonb not null,
  partner text,
  starts_at timestamptz not null,
  ends_at timestamptz,
  closed boolean not null default false,
  opened_by text not null
);
create index price_offer_of_variant on orders.price_offer (variant, starts_at);
create table orders.plus (
  member text primary key,
  until timestamptz not null
);
create table orders.list_price (
  variant text not null,
  since timestamptz not null,
  until timestamptz,
  price_minor bigint not null,
  currency text not null,
  primary key (variant, since)
);
insert into orders.list_price (variant, since, price_minor, currency)
  select variant, now(), list_minor, currency from orders.goods;
create index flash_sale_of_variant on orders.flash_sale (variant, starts_at);
create table orders.coupon_issue (
  id text primary key,
  kind text not null,
  seller text,
  label text not null,
  currency text not null,
  from_minor bigint not null check (from_minor >= 0),
  form text not null,
  amount bigint not null check (amount > 0),
  most_minor bigint check (most_minor > 0),
  shares jsonb not null,
  quota bigint not null check (quota > 0),
  claimed bigint not null default 0 check (claimed >= 0),
  per_member bigint not null check (per_member > 0),
  starts_at timestamptz not null,
  ends_at timestamptz,
  issued_by text not null,
  issued_at timestamptz not null,
  check (claimed <= quota),
  check ((kind = 'SELLER_COUPON') = (seller is not null))
);
create table orders.coupon (
  id text primary key,
  issue text not null references orders.coupon_issue,
  member text not null,
  claimed_at timestamptz not null,
  purchase text,
  used_at timestamptz,
  check ((purchase is null) = (used_at is null))
);
create index coupon_of_member on orders.coupon (member, issue);
create index coupon_of_purchase on orders.coupon (purchase) where purchase is not null;
alter table orders.line add column off_minor bigint not null default 0 check (off_minor >= 0), drop constraint line_check,
  add constraint line_total check (total_minor = unit_minor * quantity - off_minor);
`

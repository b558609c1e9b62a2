/**
 * Warehouses. All balances of a variant stay in its one row, so that one lock and one statement do as before: `places` holds
 * [on hand, reserved, sold] by warehouse, and is null as long as everything lies in the main one. The check keeps each of them, and
 * their sums, right. Stock, movements, lines, sales and parcels of before lie in the main one.
 */
export const WAREHOUSES = `
create table orders.warehouse (
  id text primary key,
  seller text,
  name text not null,
  region text,
  serves text[] not null default '{}'
);
insert into orders.warehouse (id, name) values ('Warehouse:main', 'main');
create function orders.adds_up(places jsonb, on_hand bigint, reserved bigint, sold bigint) returns boolean language sql immutable as $$
  select coalesce(bool_and((v ->> 1)::bigint >= 0 and (v ->> 2)::bigint >= 0 and (v ->> 0)::bigint >= (v ->> 1)::bigint + (v ->> 2)::bigint)
      and (sum((v ->> 0)::bigint), sum((v ->> 1)::bigint), sum((v ->> 2)::bigint)) = (on_hand, reserved, sold), false)
  from jsonb_each(places) p(k, v) $$;
alter table orders.stock add column places jsonb,
  add constraint stock_adds_up check (case when places is null then true else orders.adds_up(places, on_hand, reserved, sold) end);
create view orders.shelf as
  select s.variant, coalesce(p.key, 'Warehouse:main') as warehouse,
    case when p.key is null then s.on_hand else (p.value ->> 0)::bigint end as on_hand,
    case when p.key is null then s.reserved else (p.value ->> 1)::bigint end as reserved,
    case when p.key is null then s.sold else (p.value ->> 2)::bigint end as sold
  from orders.stock s left join lateral jsonb_each(s.places) p on true;
alter table orders.movement add column warehouse text not null default 'Warehouse:main';
alter table orders.line add column warehouse text not null default 'Warehouse:main';
alter table orders.flash_sale add column warehouse text not null default 'Warehouse:main';
alter table orders.parcel add column warehouse text not null default 'Warehouse:main';
`

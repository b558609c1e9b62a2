/**
 * Who waits for a sale that is sold out. While somebody waits, pieces that come back are nobody's until they are set aside for the first
 * in the line: the sale's own row says how many wait and how many pieces are set aside, so that whoever holds its lock knows both.
 */
export const WAITING = `
alter table orders.flash_sale
  add column waiting bigint not null default 0 check (waiting >= 0),
  add column aside bigint not null default 0 check (aside >= 0),
  add constraint flash_sale_aside check (held + sold + returned + aside <= quota);
alter table orders.flash_sale_member
  add column aside bigint not null default 0 check (aside >= 0),
  add column aside_until timestamptz;
create table orders.waiter (
  number bigint generated always as identity primary key,
  flash_sale text not null,
  buyer text not null,
  state text not null default 'WAITING' check (state in ('WAITING', 'OFFERED', 'TAKEN', 'LAPSED', 'LEFT')),
  since timestamptz not null,
  offered_until timestamptz
);
create unique index waiter_now on orders.waiter (flash_sale, buyer) where state in ('WAITING', 'OFFERED');
create index waiter_next on orders.waiter (flash_sale, number) where state = 'WAITING';
create index waiter_offered on orders.waiter (offered_until) where state = 'OFFERED';
create index flash_sale_waited_for on orders.flash_sale (id) where waiting > 0;
`

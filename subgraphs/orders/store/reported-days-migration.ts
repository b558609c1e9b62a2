import { AGREEMENT_OF_PARTNERS, AGREEMENT_TABLES } from '../../host/books/difference-rows.js'

/**
 * Books of a day that partners hand in: `reported_day` how far one is handed in, and since when its comparison is due;
 * `reported_line` its lines as the partner numbered them, an order twice when it stands there twice.
 */
export const REPORTED_DAYS = `
${AGREEMENT_TABLES('orders')}
${AGREEMENT_OF_PARTNERS('orders', '')}
create table orders.reported_day (
  partner text not null,
  day text not null,
  currency text not null,
  pages bigint not null,
  lines bigint not null,
  reported_at timestamptz,
  due_at timestamptz,
  primary key (partner, day)
);
create index reported_day_due on orders.reported_day (due_at) where due_at is not null;
create table orders.reported_line (
  partner text not null,
  day text not null,
  page bigint not null,
  place bigint not null,
  order_key text not null,
  ended text not null,
  paid_minor bigint not null,
  refunded_minor bigint not null,
  commission_minor bigint,
  subsidy_minor bigint,
  primary key (partner, day, page, place)
);
create index reported_line_of_order on orders.reported_line (partner, order_key);
`

/**
 * Admission before a rush. A sale with a row here sells only to members whose number is due: the highest one admitted follows from the
 * row and the database's time alone, so that nobody writes while the queue moves. Numbers are given once and never change.
 */
export const QUEUES = `
create table orders.sale_queue (
  flash_sale text primary key,
  per_second integer not null check (per_second > 0),
  base bigint not null default 0,
  since timestamptz not null,
  last bigint not null default 0
);
create table orders.queue_ticket (
  flash_sale text not null,
  buyer text not null,
  number bigint not null,
  primary key (flash_sale, buyer),
  unique (flash_sale, number)
);
`

/** What hosts and sellers negotiate; the two have one deal about a product that is open or agreed. */
export const HOST_DEALS = `
create table orders.host_deal (
  id text primary key,
  host text not null,
  product text not null,
  seller text not null,
  state text not null,
  rate_bp integer not null check (rate_bp between 0 and 10000),
  note text,
  agreed_at timestamptz,
  ended_at timestamptz
);
create unique index host_deal_alive on orders.host_deal (host, product) where state in ('PROPOSED', 'COUNTERED', 'AGREED');
create index host_deal_agreed on orders.host_deal (host, product, agreed_at) where agreed_at is not null;
`

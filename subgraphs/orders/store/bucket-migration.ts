/**
 * Divided sales: of a sale with several buckets the counters of its pieces lie in these rows instead of its own, which keeps its terms,
 * who waits for it and what is set aside. `orders.sale_now` shows every sale with the counters that hold.
 */
export const SALE_BUCKETS = `
create table orders.sale_bucket (
  flash_sale text not null,
  bucket integer not null check (bucket >= 0),
  quota bigint not null check (quota >= 0),
  held bigint not null default 0 check (held >= 0),
  sold bigint not null default 0 check (sold >= 0),
  returned bigint not null default 0 check (returned >= 0),
  version bigint not null default 0,
  primary key (flash_sale, bucket),
  check (held + sold + returned <= quota)
);
alter table orders.flash_sale add column buckets integer not null default 1 check (buckets >= 1), add column told_version bigint not null default 0;
create index flash_sale_divided on orders.flash_sale (id) where buckets > 1 and not closed;
alter table orders.line add column bucket integer;
create view orders.sale_now as
  select f.id, f.variant, f.product, f.warehouse, f.room, f.price_minor, f.currency, f.quota, coalesce(b.held, f.held) as held,
    coalesce(b.sold, f.sold) as sold, coalesce(b.returned, f.returned) as returned, f.waiting, f.aside, f.per_member, f.starts_at,
    f.ends_at, f.closed, f.told_state, f.version + coalesce(b.version, 0) as version, f.buckets, f.told_version
  from orders.flash_sale f left join lateral (
    select sum(b.held)::bigint as held, sum(b.sold)::bigint as sold, sum(b.returned)::bigint as returned, sum(b.version)::bigint as version
    from orders.sale_bucket b where f.buckets > 1 and b.flash_sale = f.id) b on true;
`

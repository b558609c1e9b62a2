/**
 * Parts of orders that are undone. A line keeps what was ordered, and beside it how many pieces of it are no longer bought, how many of
 * those came back, and what they came to; a movement of a part names which part it is, and one order may be refunded several times.
 */
export const AFTER_SALES = `
create index purchase_of_partner_by_time on orders.purchase (partner, created_at) where partner is not null;
alter table orders.line add column undone bigint not null default 0, add column returned bigint not null default 0,
  add column back_minor bigint not null default 0,
  add constraint line_undone check (undone between 0 and quantity and returned between 0 and undone
    and back_minor between 0 and total_minor and (undone < quantity or back_minor = total_minor));
update orders.line l set undone = quantity, returned = quantity, back_minor = l.total_minor
  from orders.purchase p where p.id = l.purchase and p.state = 'REFUNDED';
alter table orders.movement add column part integer not null default 0, drop constraint movement_line_kind_key,
  add constraint movement_of_part unique (line, kind, part);
alter table orders.refund drop constraint refund_payment_key, add column late boolean not null default false;
update orders.refund set late = true where reason like 'paid when the order was %';
create index entry_of_purchase on orders.entry (purchase);
`

/** E-cards as a part of a payment: what is on them is decided here, in the transaction of the order that they pay. */
export const E_CARDS = `
create table orders.e_card (
  member text not null,
  currency text not null,
  balance_minor bigint not null check (balance_minor >= 0),
  primary key (member, currency)
);
alter table orders.payment add column e_card_minor bigint not null default 0 check (e_card_minor >= 0), add column e_card_state text,
  add column back_by text not null default 'IN_PROPORTION', add constraint e_card_has_state check ((e_card_minor > 0) = (e_card_state is not null));
alter table orders.refund add column e_card_minor bigint not null default 0 check (e_card_minor between 0 and amount_minor);
`

/** A paid order is split into what each seller sends; orders from before are split as they stand. */
export const PARCELS = `
create table orders.parcel (
  id text primary key,
  purchase text not null references orders.purchase,
  place integer not null,
  seller text not null,
  state text not null,
  carrier text,
  waybill text,
  shipped_at timestamptz,
  received_at timestamptz,
  unique (purchase, place)
);
alter table orders.line add column parcel text;
insert into orders.parcel (id, purchase, place, seller, state, carrier, waybill, shipped_at, received_at)
  select 'Parcel:' || substr(s.purchase, 7) || '-' || row_number() over (partition by s.purchase order by s.place), s.purchase,
    row_number() over (partition by s.purchase order by s.place), s.seller,
    case p.state when 'PAID' then 'WAITING' when 'SHIPPED' then 'SHIPPED' else 'RECEIVED' end, p.carrier, p.waybill, p.shipped_at, p.closed_at
  from (select l.purchase, coalesce(g.seller, 'unknown') as seller, min(l.place) as place
        from orders.line l left join orders.goods g using (variant) group by 1, 2) s
  join orders.purchase p on p.id = s.purchase where p.state in ('PAID', 'SHIPPED', 'COMPLETED');
update orders.line l set parcel = p.id from orders.parcel p
  where p.purchase = l.purchase and p.seller = coalesce((select g.seller from orders.goods g where g.variant = l.variant), 'unknown');
`

/** Returns and exchanges, with what of each line comes back and what was found. */
export const RETURNS = `
create table orders.after_sale (
  id text primary key,
  purchase text not null references orders.purchase,
  state text not null,
  version integer not null default 1,
  reason text not null,
  want_variant text,
  most_difference bigint not null check (most_difference >= 0),
  carrier text,
  waybill text,
  note text,
  back_minor bigint not null default 0 check (back_minor >= 0),
  new_line text,
  opened_at timestamptz not null,
  closed_at timestamptz
);
create index after_sale_of_purchase on orders.after_sale (purchase);
create table orders.after_sale_item (
  after_sale text not null references orders.after_sale,
  line text not null,
  pieces bigint not null check (pieces > 0),
  accepted bigint check (accepted between 0 and pieces),
  damaged bigint check (damaged between 0 and accepted),
  reason text,
  primary key (after_sale, line)
);
`

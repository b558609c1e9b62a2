/** What was told of each offer, so that its beginning and its end are told when the clock says so; a variant counts how often it was told. */
export const OFFERS_TOLD = `
alter table orders.goods add column offers_version bigint not null default 0;
alter table orders.price_offer add column told_state text not null default 'SCHEDULED';
update orders.price_offer set told_state = case when closed or ends_at <= now() then 'ENDED' when starts_at <= now() then 'OPEN' else told_state end;
create index price_offer_awake on orders.price_offer (starts_at) where told_state <> 'ENDED';
`

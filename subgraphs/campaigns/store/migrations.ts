import { OUTBOX_TABLE } from '../../../platform/bus/outbox.js'
import { PLACE_TABLE } from '../../../platform/bus/consume.js'
import type { Migration } from '../../../platform/db/migrate.js'
import { ONCE_TABLE } from '../../../platform/db/once.js'

/** The schema's name in the database, on the bus and in the supergraph. */
export const SCHEMA = 'campaigns'

/** Campaigns, who takes part, their links, clicks, purchases, and what closing froze. Times hold milliseconds, as events do. */
const FIRST = `
create table campaigns.campaign (
  id text primary key,
  title text not null,
  rule text not null,
  state text not null check (state in ('DRAFT', 'OPEN', 'FROZEN', 'CLOSED')),
  version int not null,
  opens_at timestamptz(3),
  closes_at timestamptz(3) not null,
  window_hours int not null check (window_hours > 0),
  drafted_by text not null,
  created_at timestamptz(3) not null default now(),
  frozen_at timestamptz(3),
  proof text
);
create index campaign_newest on campaigns.campaign (created_at desc, id);

create table campaigns.prize (
  campaign text not null references campaigns.campaign,
  rank int not null check (rank > 0),
  plus_years int not null check (plus_years >= 0),
  e_card_minor bigint not null check (e_card_minor >= 0),
  currency text not null,
  primary key (campaign, rank)
);

create table campaigns.entry (
  campaign text not null references campaigns.campaign,
  influencer text collate "C" not null,
  enrolled_at timestamptz(3) not null default now(),
  score int not null default 0 check (score >= 0),
  orders int not null default 0 check (orders >= 0),
  reached_at timestamptz(3) not null default now(),
  version int not null default 0,
  primary key (campaign, influencer)
);
create index entry_board on campaigns.entry (campaign, score desc, reached_at, influencer);

create table campaigns.link (
  id text primary key,
  campaign text not null,
  influencer text collate "C" not null,
  product text not null,
  taken_at timestamptz(0) not null default date_trunc('second', now()),
  clicks int not null default 0,
  orders int not null default 0,
  unique (campaign, influencer, product),
  foreign key (campaign, influencer) references campaigns.entry
);

create table campaigns.click (
  key text primary key,
  link text not null references campaigns.link,
  campaign text not null,
  product text not null,
  visitor text not null,
  at timestamptz(3) not null,
  address_hash text not null,
  agent_hash text not null,
  bot boolean not null
);
create index click_last on campaigns.click (visitor, campaign, product, at desc, key desc) where not bot;

create table campaigns.purchase (
  line text primary key,
  order_id text not null,
  product text not null,
  buyer text,
  click text not null,
  version int not null,
  state text not null,
  placed_at timestamptz(3) not null,
  paid_at timestamptz(3),
  campaign text,
  influencer text,
  link text,
  deciding_click text,
  rule text,
  counted boolean not null
);
create index purchase_counted on campaigns.purchase (campaign, influencer, paid_at) where counted;

create table campaigns.standing (
  campaign text not null references campaigns.campaign,
  rank int not null,
  influencer text collate "C" not null,
  score int not null,
  orders int not null,
  reached_at timestamptz(3) not null,
  primary key (campaign, rank),
  unique (campaign, influencer)
);

create table campaigns.prize_grant (
  id text primary key,
  campaign text not null,
  rank int not null,
  influencer text not null,
  granted_at timestamptz(3) not null default now(),
  unique (campaign, rank)
)
`

export const migrations: readonly Migration[] = [
  { name: '001-first', sql: [FIRST, OUTBOX_TABLE(SCHEMA), PLACE_TABLE(SCHEMA)].join(';\n') },
  { name: '002-once', sql: `${ONCE_TABLE(SCHEMA)} create index once_by_age on campaigns.once (at)` },
]

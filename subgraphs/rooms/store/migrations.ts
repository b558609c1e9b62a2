import { PLACE_TABLE } from '../../../platform/bus/consume.js'
import { OUTBOX_TABLE } from '../../../platform/bus/outbox.js'
import { ONCE_TABLE } from '../../../platform/db/once.js'
import type { Migration } from '../../../platform/db/migrate.js'

/** The tables of `rooms`; all but the draw's own lists are keyed by their room first, so that rooms can be spread over machines. */
export const MIGRATIONS: readonly Migration[] = [
  {
    name: '001-first',
    sql: `
create table rooms.room (
  id text primary key, version bigint not null, title text not null, kind text not null, state text not null, host text not null,
  scheduled_at timestamptz not null, started_at timestamptz, ended_at timestamptz, created_at timestamptz not null,
  seq bigint not null default 0, talking_variant text, pinned_comment text,
  comments_per_member int not null, comments_per_minute int not null
);
create index room_by_time on rooms.room (scheduled_at desc, id desc);
create index room_by_state on rooms.room (state, scheduled_at desc, id desc);

create table rooms.shelf (
  room text not null, variant text not null, product text not null, position int not null,
  price_minor bigint, currency text, version bigint not null, shelved boolean not null, stock_version bigint not null default 0,
  primary key (room, variant), check (price_minor >= 0), check ((price_minor is null) = (currency is null))
);
create index shelf_by_variant on rooms.shelf (variant) where shelved;

create table rooms.log (
  room text not null, seq bigint not null, kind text not null, body jsonb not null, at timestamptz not null, source text not null,
  primary key (room, seq)
);
create unique index log_by_source on rooms.log (room, source);
create function rooms.refuse_rewriting() returns trigger language plpgsql as $$ begin raise exception 'a room log is append-only'; end $$;
create trigger log_is_append_only before update on rooms.log for each row execute function rooms.refuse_rewriting();

create table rooms.comment (
  id text primary key, room text not null, seq bigint not null, member text not null, text text not null, offset_ms bigint, at timestamptz not null
);
create unique index comment_by_room on rooms.comment (room, seq);
create index comment_by_member on rooms.comment (room, member);

create table rooms.comment_count (room text not null, member text not null, since timestamptz not null, count int not null, primary key (room, member));
create table rooms.mute (room text not null, member text not null, by text not null, at timestamptz not null, primary key (room, member));

create table rooms.figure (room text primary key, likes bigint not null default 0, viewers_unique bigint not null default 0);
create table rooms.watch (
  room text not null, member text not null, first_at timestamptz not null, last_at timestamptz not null, seconds bigint not null default 0,
  primary key (room, member)
);
create index watch_by_time on rooms.watch (room, last_at);

create table rooms.draw (
  id text primary key, room text not null, state text not null, prize text not null, winners_wanted int not null,
  condition text not null, watch_seconds int not null, commitment text not null, seed bytea not null, beacon text not null,
  opened_at timestamptz not null, closes_at timestamptz, closed_at timestamptz, root text, entrants bigint not null default 0
);
create index draw_by_room on rooms.draw (room, opened_at desc, id desc);
create index draw_due on rooms.draw (closes_at) where state = 'OPEN';
create table rooms.entrant (draw text not null, member text not null, at timestamptz not null, primary key (draw, member));
create table rooms.winner (draw text not null, place int not null, member text not null, score text not null, primary key (draw, place));

create table rooms.sale (id text primary key, version bigint not null);

${OUTBOX_TABLE('rooms')}

${PLACE_TABLE('rooms')}

${ONCE_TABLE('rooms')}
`,
  },
  { name: '002-forgetting', sql: 'create index once_by_age on rooms.once (at)' },
]

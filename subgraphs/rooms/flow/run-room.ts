import { tell } from '../../../platform/bus/outbox.js'
import { onceIfKeyed, type MaybeKeyed } from '../../../platform/db/once.js'
import { pickId } from './pick-id.js'
import type { Identity } from '../../../schema/identity.js'
import type { RoomChanged, RoomState } from '../../../schema/events/rooms.js'
import { refuse } from '../../../schema/refuse.js'
import { moved, type RoomKind, type RoomMove } from '../domain/room.js'
import { hostFor, needKeeper } from '../domain/who-acts.js'
import { openDrawsOf } from '../store/draws.js'
import { findRooms, insertRoom } from '../store/room-rows.js'
import type { RoomRow } from '../store/tables.js'
import { drawNow } from './close-draw.js'
import type { Workplace } from './workplace.js'
import { theRoom, writeRoom, type HeldRoom, type Settled, type Written } from './write-room.js'

/** The settings of a room that its keeper may change; null leaves one as it is, or at its default. */
export interface RoomSettings {
  readonly title: string | null
  readonly scheduledAt: Date | null
  readonly commentsPerMember: number | null
  readonly commentsPerMinute: number | null
}

/** A room to be. */
export interface RoomPlan extends RoomSettings, MaybeKeyed {
  readonly kind: RoomKind
  readonly host: string | null
}

/** The longest title of a room. */
const TITLE_MOST = 200

/** Puts a room on the programme, under the same key once. */
export async function scheduleRoom(on: Workplace, who: Identity, plan: RoomPlan): Promise<RoomRow> {
  const host = hostFor(who, plan.host)
  const deed = { owner: who.member ?? 'operator', kind: 'schedule-room', asked: plan }
  const room = await on.db.transaction(async (tx) => {
    const id = await onceIfKeyed(tx, 'rooms', deed, async () => {
      const row = plannedRoom(on, { id: pickId(on, 'Room'), host, plan, at: await on.time(tx) })
      await insertRoom(tx, row)
      await tell(tx, 'rooms', [roomChanged(row, row.created_at)])
      return row.id
    })
    return (await findRooms(tx, [id]))[0]
  })
  on.wake()
  if (room === null || room === undefined) throw new Error('a room was scheduled and is gone')
  return room
}

/** Changes what is said of a room, or how fast it may be commented. */
export function updateRoom(on: Workplace, who: Identity, id: string, settings: RoomSettings): Promise<RoomRow> {
  return writeRoom(on, id, ({ room, at }) => {
    needKeeper(who, room)
    if (settings.scheduledAt !== null && room.state !== 'SCHEDULED')
      throw refuse('STATE_FORBIDS', `a room that is ${room.state} cannot be moved to another hour`)
    return Promise.resolve(
      changed(room, at, {
        title: settings.title === null ? room.title : titleOf(settings.title),
        scheduled_at: settings.scheduledAt ?? room.scheduled_at,
        comments_per_member: settings.commentsPerMember ?? room.comments_per_member,
        comments_per_minute: settings.commentsPerMinute ?? room.comments_per_minute,
      }),
    )
  })
}

/** Opens the doors. */
export function goLive(on: Workplace, who: Identity, id: string): Promise<RoomRow> {
  return move(on, who, { id, move: 'goLive' }, ({ at }) => Promise.resolve({ started_at: at }))
}

/** Ends the evening; draws that are still open are drawn first. */
export function endRoom(on: Workplace, who: Identity, id: string): Promise<RoomRow> {
  return move(on, who, { id, move: 'end' }, ({ at }) => Promise.resolve({ ended_at: at }), drawAll)
}

async function move(
  on: Workplace,
  who: Identity,
  asked: { readonly id: string; readonly move: RoomMove },
  stamp: (held: HeldRoom) => Promise<Partial<RoomRow>>,
  before: (held: HeldRoom) => Promise<Settled> = () => Promise.resolve({}),
): Promise<RoomRow> {
  return writeRoom(on, asked.id, async (held) => {
    needKeeper(who, held.room)
    const state = moved(held.room.state, asked.move)
    const first = await before(held)
    const then = changed(held.room, held.at, { state, ...(await stamp(held)) })
    return {
      ...then,
      facts: [...(first.facts ?? []), { fact: { kind: 'RoomStateChanged', room: held.room.id, state } }],
      told: [...(first.told ?? []), ...(then.told ?? [])],
    }
  })
}

async function drawAll(held: HeldRoom): Promise<Settled> {
  const drawn = []
  for (const id of await openDrawsOf(held.tx, held.room.id)) drawn.push(await drawNow(held, id))
  return { facts: drawn.flatMap((one) => one.facts ?? []), told: drawn.flatMap((one) => one.told ?? []) }
}

function changed(room: RoomRow, at: Date, change: Partial<RoomRow>): Written<RoomRow> {
  const next = { ...change, version: room.version + 1 }
  return { answer: theRoom, change: next, told: [roomChanged({ ...room, ...next }, at)] }
}

function plannedRoom(
  on: Workplace,
  its: { readonly id: string; readonly host: string; readonly plan: RoomPlan; readonly at: Date },
): RoomRow {
  const state: RoomState = 'SCHEDULED'
  return {
    id: its.id,
    version: 1,
    title: titleOf(its.plan.title ?? ''),
    kind: its.plan.kind,
    state,
    host: its.host,
    scheduled_at: its.plan.scheduledAt ?? its.at,
    started_at: null,
    ended_at: null,
    created_at: its.at,
    seq: 0,
    talking_variant: null,
    pinned_comment: null,
    comments_per_member: its.plan.commentsPerMember ?? on.config.commentsPerMember,
    comments_per_minute: its.plan.commentsPerMinute ?? on.config.commentsPerMinute,
  }
}

function titleOf(raw: string): string {
  const title = raw.replace(/[\p{C}]+/gu, ' ').trim()
  if (title === '' || Array.from(title).length > TITLE_MOST)
    throw refuse('BAD_USER_INPUT', `title must be a text of 1 to ${TITLE_MOST} characters`)
  return title
}

function roomChanged(room: RoomRow, at: Date): RoomChanged {
  return {
    id: `${room.id}:v${room.version}`,
    kind: 'rooms.roomChanged',
    at: at.toISOString(),
    room: room.id,
    version: room.version,
    state: room.state,
    host: room.host,
    title: room.title,
  }
}

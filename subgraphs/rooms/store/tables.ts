import type { Kysely } from 'kysely'
import type { Database } from '../../../platform/db/database.js'
import { tables } from '../../../platform/db/tables.js'
import type { RoomState } from '../../../schema/events/rooms.js'
import type { DrawCondition, DrawState } from '../domain/draw.js'
import type { RoomKind } from '../domain/room.js'

export interface RoomRow {
  id: string
  version: number
  title: string
  kind: RoomKind
  state: RoomState
  host: string
  scheduled_at: Date
  started_at: Date | null
  ended_at: Date | null
  created_at: Date
  /** The last number drawn in the room's log. */
  seq: number
  talking_variant: string | null
  pinned_comment: string | null
  comments_per_member: number
  comments_per_minute: number
}

export interface ShelfRow {
  room: string
  variant: string
  product: string
  position: number
  price_minor: number | null
  currency: string | null
  version: number
  /** False when it was taken off: the row stays, so that its version goes on. */
  shelved: boolean
  stock_version: number
}

export interface CommentRow {
  id: string
  room: string
  seq: number
  member: string
  text: string
  offset_ms: number | null
  at: Date
}

export interface DrawRow {
  id: string
  room: string
  state: DrawState
  prize: string
  winners_wanted: number
  condition: DrawCondition
  watch_seconds: number
  commitment: string
  /** Told to nobody before the draw is closed. */
  seed: Uint8Array
  beacon: string
  opened_at: Date
  closes_at: Date | null
  closed_at: Date | null
  root: string | null
  entrants: number
}

export interface WinnerRow {
  draw: string
  place: number
  member: string
  score: string
}

interface RoomsTables {
  room: RoomRow
  shelf: ShelfRow
  comment: CommentRow
  comment_count: { room: string; member: string; since: Date; count: number }
  mute: { room: string; member: string; by: string; at: Date }
  figure: { room: string; likes: number; viewers_unique: number }
  watch: { room: string; member: string; first_at: Date; last_at: Date; seconds: number }
  draw: DrawRow
  entrant: { draw: string; member: string; at: Date }
  winner: WinnerRow
  sale: { id: string; version: number }
}

/** The tables of `rooms`, over a database or a transaction of it. */
export function rooms(db: Database): Kysely<RoomsTables> {
  return tables<RoomsTables>(db, 'rooms')
}

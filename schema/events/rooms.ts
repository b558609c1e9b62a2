import { fields, flag, list, maybe, oneOf, text, whole, instant } from '../../platform/decode.js'
import { idOf } from '../ids.js'
import { currency } from '../money.js'

/** The states of a room's life, in their order. */
export const ROOM_STATES = ['SCHEDULED', 'LIVE', 'ENDED'] as const
export type RoomState = (typeof ROOM_STATES)[number]

/** What every event of this topic says: `id` is made from the fact, `at` is ISO text. */
interface Told {
  readonly id: string
  readonly at: string
}

/** A room was scheduled, changed, begun or ended; `version` grows with each. */
export interface RoomChanged extends Told {
  readonly kind: 'rooms.roomChanged'
  readonly room: string
  readonly version: number
  readonly state: RoomState
  readonly host: string
  readonly title: string
}

/** A variant came onto a room's shelf, left it, or got another room price; `version` grows per room and variant. */
export interface ShelfChanged extends Told {
  readonly kind: 'rooms.shelfChanged'
  readonly room: string
  readonly version: number
  readonly variant: string
  readonly product: string
  /** Null together with `currency`: the room has no price of its own. */
  readonly roomPriceMinor: number | null
  readonly currency: string | null
  readonly shelved: boolean
}

/** A draw was closed and its winners are known, the first of them first. */
export interface DrawClosed extends Told {
  readonly kind: 'rooms.drawClosed'
  readonly draw: string
  readonly room: string
  readonly prize: string
  readonly winners: readonly string[]
}

/** All that `rooms` tells others. */
export type RoomsEvent = RoomChanged | ShelfChanged | DrawClosed

/** Reads an event of the topic `rooms`; null for a kind that this version does not know. */
export function roomsEvent(value: unknown): RoomsEvent | null {
  const it = fields(value, 'roomsEvent')
  const told = {
    id: text(it['id'], 'roomsEvent.id', { most: 300 }),
    at: instant(it['at'], 'roomsEvent.at').toISOString(),
  }
  switch (it['kind']) {
    case 'rooms.roomChanged':
      return {
        ...told,
        kind: 'rooms.roomChanged',
        room: idOf('Room')(it['room'], 'roomChanged.room'),
        version: whole(it['version'], 'roomChanged.version', { least: 0 }),
        state: oneOf(it['state'], 'roomChanged.state', ROOM_STATES),
        host: idOf('Member')(it['host'], 'roomChanged.host'),
        title: text(it['title'], 'roomChanged.title'),
      }
    case 'rooms.shelfChanged':
      return {
        ...told,
        kind: 'rooms.shelfChanged',
        room: idOf('Room')(it['room'], 'shelfChanged.room'),
        version: whole(it['version'], 'shelfChanged.version', { least: 0 }),
        variant: idOf('Variant')(it['variant'], 'shelfChanged.variant'),
        product: idOf('Product')(it['product'], 'shelfChanged.product'),
        roomPriceMinor: maybe(it['roomPriceMinor'], 'shelfChanged.roomPriceMinor', (value, place) =>
          whole(value, place, { least: 0 }),
        ),
        currency: maybe(it['currency'], 'shelfChanged.currency', currency),
        shelved: flag(it['shelved'], 'shelfChanged.shelved'),
      }
    case 'rooms.drawClosed':
      return {
        ...told,
        kind: 'rooms.drawClosed',
        draw: idOf('Draw')(it['draw'], 'drawClosed.draw'),
        room: idOf('Room')(it['room'], 'drawClosed.room'),
        prize: text(it['prize'], 'drawClosed.prize'),
        winners: list(it['winners'], 'drawClosed.winners', idOf('Member')),
      }
    default:
      return null
  }
}

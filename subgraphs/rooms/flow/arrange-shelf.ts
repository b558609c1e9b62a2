import type { Identity } from '../../../schema/identity.js'
import type { ShelfChanged } from '../../../schema/events/rooms.js'
import type { Money } from '../../../schema/money.js'
import { refuse } from '../../../schema/refuse.js'
import { needOpen } from '../domain/room.js'
import { needKeeper } from '../domain/who-acts.js'
import type { Draft } from '../store/log.js'
import { findShelfRow, makePlace, measureShelf, saveShelfRow } from '../store/shelf.js'
import type { RoomRow, ShelfRow } from '../store/tables.js'
import type { Workplace } from './workplace.js'
import { theRoom, writeRoom, type HeldRoom, type Written } from './write-room.js'

/** A variant to be shown in a room. */
export interface Placing {
  readonly room: string
  readonly variant: string
  readonly product: string
  /** From 0; null puts it at the end, or leaves it where it stands. */
  readonly position: number | null
  /** Null: the room has no price of its own. */
  readonly roomPrice: Money | null
}

/** A variant in a room. */
export interface InRoom {
  readonly room: string
  readonly variant: string
}

/** As many things can be shown in one room at a time. */
const SHELF_MOST = 500

/** Puts a variant on the shelf, or moves and reprices one that stands there. */
export function putOnShelf(on: Workplace, who: Identity, it: Placing): Promise<RoomRow> {
  return arrange(on, who, it, async ({ tx }, before) => {
    const position = await placeFor(tx, it, before)
    const row = { ...blank(it), position, ...priceOf(it.roomPrice) }
    const fact = { kind: 'ProductShelved', ...goods(row), position, roomPrice: it.roomPrice } as const
    return { row, facts: [{ fact }] }
  })
}

/** Takes a variant off the shelf; when it was being talked of, nothing is now. */
export function takeOffShelf(on: Workplace, who: Identity, it: InRoom): Promise<RoomRow> {
  return arrange(on, who, it, ({ room }, before) => {
    const row = { ...shelved(before), shelved: false, ...priceOf(null) }
    const facts: Draft[] = [{ fact: { kind: 'ProductUnshelved', ...goods(row) } }]
    if (room.talking_variant !== it.variant) return Promise.resolve({ row, facts })
    facts.push({ fact: { kind: 'TalkingPointSet', variant: null, product: null } })
    return Promise.resolve({ row, facts, change: { talking_variant: null } })
  })
}

/** Gives a variant on the shelf another room price, or none. */
export function setRoomPrice(
  on: Workplace,
  who: Identity,
  it: InRoom & { readonly roomPrice: Money | null },
): Promise<RoomRow> {
  return arrange(on, who, it, (_, before) => {
    const row = { ...shelved(before), ...priceOf(it.roomPrice) }
    return Promise.resolve({ row, facts: [{ fact: { kind: 'RoomPriceSet', ...goods(row), roomPrice: it.roomPrice } }] })
  })
}

/** Says what is being talked of now: a variant on the shelf, or nothing. */
export function setTalkingPoint(
  on: Workplace,
  who: Identity,
  it: { readonly room: string; readonly variant: string | null },
): Promise<RoomRow> {
  return writeRoom(on, it.room, async ({ tx, room }) => {
    needKeeper(who, room)
    needOpen(room.state)
    const product = it.variant === null ? null : shelved(await findShelfRow(tx, room.id, it.variant)).product
    const change = { talking_variant: it.variant }
    const fact = { kind: 'TalkingPointSet', variant: it.variant, product } as const
    return { answer: theRoom, change, facts: [{ fact }] }
  })
}

type Row = Omit<ShelfRow, 'stock_version'>

interface Arranged {
  readonly row: Row
  readonly facts: readonly Draft[]
  readonly change?: Partial<RoomRow>
}

/** What all changes of a shelf have in common: who may, the next version of the row, the event that tells of it. */
function arrange(
  on: Workplace,
  who: Identity,
  it: InRoom,
  deed: (held: HeldRoom, before: ShelfRow | null) => Promise<Arranged>,
): Promise<RoomRow> {
  return writeRoom(on, it.room, async (held): Promise<Written<RoomRow>> => {
    needKeeper(who, held.room)
    needOpen(held.room.state)
    const before = await findShelfRow(held.tx, it.room, it.variant)
    const { row, facts, change = {} } = await deed(held, before)
    const next = { ...row, version: (before?.version ?? 0) + 1 }
    await saveShelfRow(held.tx, next)
    return { answer: theRoom, change, facts, told: [shelfChanged(next, held.at)] }
  })
}

async function placeFor(tx: HeldRoom['tx'], it: Placing, before: ShelfRow | null): Promise<number> {
  const stands = before?.shelved === true
  if (stands && it.position === null) return before.position
  const { size, end } = await measureShelf(tx, it.room)
  if (!stands && size >= SHELF_MOST) throw refuse('STATE_FORBIDS', `a shelf holds at most ${SHELF_MOST} variants`)
  if (it.position === null || it.position >= end) return end
  await makePlace(tx, it.room, it.position)
  return it.position
}

function shelved(row: ShelfRow | null): Row {
  if (row?.shelved !== true) throw refuse('NOT_FOUND', "the variant is not on this room's shelf")
  return row
}

function blank(it: Placing): Omit<Row, 'position' | 'price_minor' | 'currency'> {
  return { room: it.room, variant: it.variant, product: it.product, version: 0, shelved: true }
}

function priceOf(price: Money | null): { readonly price_minor: number | null; readonly currency: string | null } {
  if (price !== null && price.amountMinor < 0) throw refuse('BAD_USER_INPUT', 'a room price is not below zero')
  return { price_minor: price?.amountMinor ?? null, currency: price?.currency ?? null }
}

function goods(row: Row): { readonly variant: string; readonly product: string } {
  return { variant: row.variant, product: row.product }
}

function shelfChanged(row: Row, at: Date): ShelfChanged {
  return {
    id: `${row.room}:${row.variant}:v${row.version}`,
    kind: 'rooms.shelfChanged',
    at: at.toISOString(),
    room: row.room,
    version: row.version,
    variant: row.variant,
    product: row.product,
    roomPriceMinor: row.price_minor,
    currency: row.currency,
    shelved: row.shelved,
  }
}

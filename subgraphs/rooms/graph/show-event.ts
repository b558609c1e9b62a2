import { cursorOf } from '../domain/cursor.js'
import type { Fact, Figure, Gap, Goods, LiveEvent, Logged } from '../domain/live-event.js'
import type { CommentRow } from '../store/tables.js'
import { stub } from './stubs.js'

/** A live event of a room as its type on the graph has it; what is ours in it (`drawId`, `roomId`) is loaded by its resolver. */
export function shownEvent(room: string, event: LiveEvent): object {
  const { __typename, cursor, at, told } = event
  return { __typename, cursor, at, ...shown(told, { room, at, seq: cursor === null ? 0 : Number(cursor) }) }
}

/** A row of a room's log as its type on the graph has it. */
export function shownRow(room: string, row: Logged): object {
  return shownEvent(room, { __typename: row.fact.kind, cursor: cursorOf(row.seq), at: row.at, told: row.fact })
}

interface Place {
  readonly room: string
  readonly seq: number
  readonly at: Date
}

type Told = Fact | Figure | Gap

function shown(told: Told, place: Place): object {
  switch (told.kind) {
    case 'CommentPosted':
      return { comment: commentOf(told, place) }
    case 'ProductShelved':
    case 'ProductUnshelved':
    case 'TalkingPointSet':
    case 'RoomPriceSet':
    case 'StockMoved':
      return { ...told, ...goods(told) }
    case 'FlashSaleMoved':
      return { ...told, ...goods(told), flashSale: stub('FlashSale', told.flashSale) }
    case 'OrderSeen':
      return { lines: told.lines.map((line) => ({ ...goods(line), quantity: line.quantity })) }
    case 'DrawOpened':
      return { ...told, drawId: told.draw }
    case 'DrawClosed':
      return { ...told, drawId: told.draw, winners: told.winners.map((id) => stub('Member', id)) }
    case 'RoomStateChanged':
      return { roomId: told.room, state: told.state }
    case 'LikesCounted':
    case 'ViewersCounted':
      return told
    case 'Gap':
      return { missedFrom: cursorOrNull(told.from), missedTo: cursorOrNull(told.to) }
  }
}

function commentOf(fact: Extract<Fact, { kind: 'CommentPosted' }>, { room, seq, at }: Place): CommentRow {
  return { id: fact.comment, room, seq, member: fact.member, text: fact.text, offset_ms: fact.offsetMs, at }
}

function goods(it: Goods | { readonly variant: string | null; readonly product: string | null }): object {
  return { variant: stub('Variant', it.variant), product: stub('Product', it.product) }
}

function cursorOrNull(seq: number | null): string | null {
  return seq === null ? null : cursorOf(seq)
}

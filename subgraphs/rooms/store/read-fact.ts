import { fields, instant, list, maybe, oneOf, text, whole, type Fields } from '../../../platform/decode.js'
import { ROOM_STATES } from '../../../schema/events/rooms.js'
import { money } from '../../../schema/money.js'
import { SALE_STATES, type Fact, type Goods, type Logged } from '../domain/live-event.js'

/** Reads a fact from a row of the log, or from a signal that carries one. */
export function readFact(value: unknown): Fact {
  const it = fields(value, 'fact')
  return reader(it['kind'])(it)
}

/** Reads a row of the log as it travels in a signal. */
export function readLogged(value: unknown, place: string): Logged {
  const it = fields(value, place)
  return {
    seq: whole(it['seq'], `${place}.seq`, { least: 1 }),
    at: instant(it['at'], `${place}.at`),
    fact: readFact(it['fact']),
  }
}

/** One reader for each kind: a kind that is missing here does not compile. */
const READERS: { readonly [K in Fact['kind']]: (it: Fields) => Extract<Fact, { kind: K }> } = {
  CommentPosted: (it) => ({
    kind: 'CommentPosted',
    comment: id(it, 'comment'),
    member: id(it, 'member'),
    text: text(it['text'], 'fact.text'),
    offsetMs: maybe(it['offsetMs'], 'fact.offsetMs', whole),
    shown: it['shown'] !== false, // older rows say nothing: all were shown
  }),
  ProductShelved: (it) => ({
    kind: 'ProductShelved',
    ...goods(it),
    position: number(it, 'position'),
    roomPrice: maybe(it['roomPrice'], 'fact.roomPrice', money),
  }),
  ProductUnshelved: (it) => ({ kind: 'ProductUnshelved', ...goods(it) }),
  TalkingPointSet: (it) => ({
    kind: 'TalkingPointSet',
    variant: maybe(it['variant'], 'fact.variant', text),
    product: maybe(it['product'], 'fact.product', text),
  }),
  RoomPriceSet: (it) => ({
    kind: 'RoomPriceSet',
    ...goods(it),
    roomPrice: maybe(it['roomPrice'], 'fact.roomPrice', money),
  }),
  StockMoved: (it) => ({ kind: 'StockMoved', ...goods(it), available: number(it, 'available') }),
  FlashSaleMoved: (it) => ({
    kind: 'FlashSaleMoved',
    ...goods(it),
    flashSale: id(it, 'flashSale'),
    saleState: oneOf(it['saleState'], 'fact.saleState', SALE_STATES),
    price: money(it['price'], 'fact.price'),
    quota: number(it, 'quota'),
    left: number(it, 'left'),
    startsAt: maybe(it['startsAt'], 'fact.startsAt', text),
    endsAt: maybe(it['endsAt'], 'fact.endsAt', text),
  }),
  OrderSeen: (it) => ({
    kind: 'OrderSeen',
    lines: list(it['lines'], 'fact.lines', (line) => {
      const one = fields(line, 'fact.lines')
      return { ...goods(one), quantity: number(one, 'quantity') }
    }),
  }),
  DrawOpened: (it) => ({
    kind: 'DrawOpened',
    draw: id(it, 'draw'),
    prize: text(it['prize'], 'fact.prize'),
    commitment: text(it['commitment'], 'fact.commitment'),
  }),
  DrawClosed: (it) => ({
    kind: 'DrawClosed',
    draw: id(it, 'draw'),
    root: text(it['root'], 'fact.root'),
    seed: text(it['seed'], 'fact.seed'),
    winners: list(it['winners'], 'fact.winners', text),
  }),
  RoomStateChanged: (it) => ({
    kind: 'RoomStateChanged',
    room: id(it, 'room'),
    state: oneOf(it['state'], 'fact.state', ROOM_STATES),
  }),
}

const BY_KIND: ReadonlyMap<unknown, (it: Fields) => Fact> = new Map(Object.entries(READERS))

function reader(kind: unknown): (it: Fields) => Fact {
  const found = BY_KIND.get(kind)
  if (found === undefined) throw new Error(`the log has a kind that this version does not know: ${String(kind)}`)
  return found
}

function id(it: Fields, name: string): string {
  return text(it[name], `fact.${name}`, { most: 142 })
}

function number(it: Fields, name: string): number {
  return whole(it[name], `fact.${name}`)
}

function goods(it: Fields): Goods {
  return { variant: id(it, 'variant'), product: id(it, 'product') }
}

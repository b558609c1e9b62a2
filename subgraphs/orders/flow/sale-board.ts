import type { Bus, Close } from '../../../platform/bus/bus.js'
import { fields, flag, json, oneOf, whole } from '../../../platform/decode.js'
import { Failure } from '../../../platform/failure.js'
import type { Observer } from '../../../platform/observe/observer.js'
import type { Clock } from '../../../platform/time/clock.js'
import { FLASH_SALE_STATES } from '../../../schema/events/orders.js'
import { idOf } from '../../../schema/ids.js'
import { refuse } from '../../../schema/refuse.js'
import type { AskedLine } from '../domain/draft.js'
import type { SaleNote } from './sale-notes.js'

/** The channel on which processes that sell tell each other which sales turned. */
const CHANNEL = 'orders.sales'
/** Sales that are known at most; the one heard of first is forgotten first. */
const MOST = 10_000
/** After this long a sale's row is asked again: a signal may be lost, and nobody is refused for longer by what is not so. */
const FRESH_MS = 1000

/**
 * What this process knows of sales without asking: whatever its own transactions saw, and what others signalled the moment they had
 * committed. It refuses only, and only what is sold out or over; who is given pieces is decided by the rows alone.
 */
export class SaleBoard {
  readonly #clock: Clock
  readonly #bus: Bus
  readonly #observer: Observer
  readonly #turned: (flashSale: string) => void
  readonly #known = new Map<string, SaleNote & { readonly heardAt: number }>()

  /** `turned` is told of each sale whose state is heard to be another one. */
  constructor({ clock, bus, observer }: BoardGround, turned: (flashSale: string) => void = () => undefined) {
    this.#turned = turned
    this.#clock = clock
    this.#bus = bus
    this.#observer = observer
  }

  /** Hears what other processes tell; resolves once it is sure to. */
  listen(): Promise<Close> {
    return this.#bus.listen(CHANNEL, (body) => this.#hear(body))
  }

  /** What a committed transaction of this process saw; what turned is told to the others at once. */
  learn(notes: readonly SaleNote[]): void {
    for (const note of notes) {
      this.#keep(note)
      if (note.turned) this.#bus.signal(CHANNEL, JSON.stringify(note))
    }
  }

  /** The refusal of an order that would be refused for a sale of its lines anyway; null: ask the rows. */
  refusal(lines: readonly AskedLine[]): Failure | null {
    for (const [at, { flashSale }] of lines.entries()) {
      const known = flashSale === null ? undefined : this.#known.get(flashSale)
      if (known === undefined || !this.#isShut(known)) continue
      this.#observer.count('orders.board.refused')
      const details = { place: `lines[${at}].flashSaleId` }
      return refuse('OFFER_CLOSED', `the flash sale is ${known.state}`, { details })
    }
    return null
  }

  #isShut({ state, aside, heardAt }: SaleNote & { readonly heardAt: number }): boolean {
    const shut = state === 'CLOSED' || (state === 'SOLD_OUT' && aside === 0)
    return shut && this.#clock.monotonicMs() - heardAt < FRESH_MS
  }

  #hear(body: string): void {
    try {
      this.#keep(saleNote(json(body, 'signal')))
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      this.#observer.count('orders.board.misread')
    }
  }

  #keep(note: SaleNote): void {
    const known = this.#known.get(note.flashSale)
    if (known !== undefined && known.version > note.version) return
    this.#known.delete(note.flashSale)
    this.#known.set(note.flashSale, { ...note, heardAt: this.#clock.monotonicMs() })
    if (known?.state !== note.state) this.#turned(note.flashSale)
    if (this.#known.size <= MOST) return
    const [oldest] = this.#known.keys()
    if (oldest !== undefined) this.#known.delete(oldest)
    this.#observer.count('orders.board.forgotten')
  }
}

/** What the board stands on. */
export interface BoardGround {
  readonly clock: Clock
  readonly bus: Bus
  readonly observer: Observer
}

function saleNote(value: unknown): SaleNote {
  const it = fields(value, 'signal')
  return {
    flashSale: idOf('FlashSale')(it['flashSale'], 'signal.flashSale'),
    version: whole(it['version'], 'signal.version'),
    state: oneOf(it['state'], 'signal.state', FLASH_SALE_STATES),
    aside: whole(it['aside'], 'signal.aside', { least: 0 }),
    turned: flag(it['turned'], 'signal.turned'),
  }
}

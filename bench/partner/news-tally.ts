import { fields, json } from '../../platform/decode.js'

export const KINDS = ['price', 'stock', 'shelf', 'offer'] as const
export type Kind = (typeof KINDS)[number]
export type Way = 'subscription' | 'letter'

/** A change that is being made, by what the partner will see of it. */
export interface Change {
  readonly kind: Kind
  /** The variant, or the product of a shelf. */
  readonly thing: string
  readonly value: number
}

/** How long news took on one way, in whole milliseconds. */
export interface Row {
  readonly kind: Kind
  readonly way: Way
  readonly count: number
  readonly p50: number
  readonly p99: number
  readonly longest: number
  readonly missing: number
}

interface Waiting {
  readonly value: number
  readonly since: number
}

const WAYS: readonly Way[] = ['subscription', 'letter']

/** Which change came when, on which way. Newer news of a thing stand for the older that they took the place of. */
export class NewsTally {
  readonly #now: () => number
  /** What is awaited, by way, kind and thing, the oldest first. */
  readonly #waiting = new Map<string, Waiting[]>()
  readonly #took = new Map<string, number[]>()

  constructor(now: () => number) {
    this.#now = now
  }

  begun({ kind, thing, value }: Change): void {
    for (const way of WAYS) {
      const key = `${way} ${kind} ${thing}`
      this.#waiting.set(key, [...(this.#waiting.get(key) ?? []), { value, since: this.#now() }])
    }
  }

  heard(way: Way, body: string): void {
    const it = fields(json(body, 'news'), 'news')
    const [kind, thing, value] = read(it)
    if (kind === null) return
    const key = `${way} ${kind} ${thing}`
    const waiting = this.#waiting.get(key) ?? []
    const upTo = waiting.findLastIndex((one) => one.value === value)
    const took = this.#took.get(`${way} ${kind}`) ?? []
    for (const { since } of waiting.splice(0, upTo + 1)) took.push(this.#now() - since)
    this.#took.set(`${way} ${kind}`, took)
  }

  /** Resolves when all has come, or the time is over. */
  async settled(withinMs: number): Promise<void> {
    const until = this.#now() + withinMs
    while (this.#missing() > 0 && this.#now() < until) await new Promise((resolve) => setTimeout(resolve, 50))
  }

  rows(): readonly Row[] {
    return KINDS.flatMap((kind) =>
      WAYS.map((way) => {
        const took = (this.#took.get(`${way} ${kind}`) ?? []).toSorted((a, b) => a - b)
        const at = (part: number): number =>
          Math.round(took[Math.min(took.length - 1, Math.floor(took.length * part))] ?? 0)
        const missing = this.#missing(`${way} ${kind} `)
        return { kind, way, count: took.length, p50: at(0.5), p99: at(0.99), longest: at(1), missing }
      }),
    )
  }

  #missing(of = ''): number {
    let sum = 0
    for (const [key, waiting] of this.#waiting) if (key.startsWith(of)) sum += waiting.length
    return sum
  }
}

function read(it: Readonly<Record<string, unknown>>): readonly [Kind | null, string, number] {
  switch (it['kind']) {
    case 'price.changed':
      return ['price', String(it['variantId']), Number(it['priceMinor'])]
    case 'stock.changed':
      return ['stock', String(it['variantId']), Number(it['available'])]
    case 'shelf.changed':
      return ['shelf', String(it['productId']), it['onShelf'] === true ? 1 : 0]
    case 'offers.changed':
      return ['offer', String(it['variantId']), it['change'] === 'OPEN' ? 1 : 0]
    default:
      return [null, '', 0]
  }
}

import { Failure } from '../../platform/failure.js'
import { pause, systemClock } from '../../platform/time/clock.js'

/** One attempt to buy: resolves when it is acknowledged, refuses with a `Failure` otherwise. */
export type Buy = (member: number) => Promise<unknown>

/** What came of a load: acknowledged and refused (by code) within the time, and how long the acknowledged ones took. */
export interface Figures {
  readonly seconds: number
  readonly acknowledged: number
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
  readonly refused: Readonly<Record<string, number>>
}

/** Buyers cost as little as can be, since they live on the cores of the shop that is measured. */
class Tally {
  readonly #took: number[] = []
  readonly #refused = new Map<string, number>()
  readonly #begun = performance.now()
  #open = 0
  #fault: Error | null = null
  #settled: (() => void) | null = null

  /** Sends one attempt and does not wait for it; `since` is when it was due. */
  send(buy: Buy, member: number, since = performance.now()): void {
    this.#open++
    buy(member).then(
      () => {
        this.#took.push(performance.now() - since)
        this.#end()
      },
      (error: unknown) => {
        this.#note(error)
        this.#end()
      },
    )
  }

  /** Resolves when the attempt is answered: with how long to wait before the next one. */
  async ask(buy: Buy, member: number): Promise<number> {
    const since = performance.now()
    try {
      await buy(member)
      this.#took.push(performance.now() - since)
      return 0
    } catch (error) {
      this.#note(error)
      return error instanceof Failure && error.code === 'BUSY' ? Number(error.details['retryAfterMs'] ?? 100) : 0
    }
  }

  /** Resolves when all that was sent is answered; a fault of the shop is thrown. */
  async settle(): Promise<void> {
    if (this.#open > 0) await new Promise<void>((resolve) => (this.#settled = resolve))
    if (this.#fault !== null) throw this.#fault
  }

  figures(): Figures {
    const seconds = (performance.now() - this.#begun) / 1000
    const took = this.#took.sort((a, b) => a - b)
    const at = (part: number): number => took[Math.min(took.length - 1, Math.floor(took.length * part))] ?? 0
    return {
      ...{ seconds, acknowledged: took.length, perSecond: took.length / seconds, p50: at(0.5), p99: at(0.99) },
      refused: Object.fromEntries(this.#refused),
    }
  }

  #note(error: unknown): void {
    if (error instanceof Failure) this.#refused.set(error.code, (this.#refused.get(error.code) ?? 0) + 1)
    else this.#fault ??= error instanceof Error ? error : new Error('an attempt failed', { cause: error })
  }

  #end(): void {
    this.#open--
    if (this.#open === 0) this.#settled?.()
  }
}

let lastMember = 0

/** Members are counted from here on: several processes must not be each other's. */
export function beginMembersAt(member: number): void {
  lastMember = member
}

/** So many buyers, each asking again as soon as it has its answer, for a while; every order is another member's. */
export async function closedLoad(buy: Buy, { buyers, ms }: { buyers: number; ms: number }): Promise<Figures> {
  const tally = new Tally()
  const until = performance.now() + ms
  const buyer = async (): Promise<void> => {
    while (performance.now() < until) {
      const waitMs = await tally.ask(buy, ++lastMember)
      if (waitMs > 0) await pause(systemClock, waitMs)
    }
  }
  await Promise.all(Array.from({ length: buyers }, buyer))
  await tally.settle()
  return tally.figures()
}

/** Buyers who come at a rate and do not care whether others are waiting; the time counts from when each was due. */
export async function openLoad(buy: Buy, { perSecond, ms }: { perSecond: number; ms: number }): Promise<Figures> {
  const tally = new Tally()
  const begun = performance.now()
  for (let sent = 0; performance.now() - begun < ms;) {
    const due = Math.floor(((performance.now() - begun) / 1000) * perSecond)
    for (; sent < due; sent++) tally.send(buy, ++lastMember, begun + (sent / perSecond) * 1000)
    await pause(systemClock, 2)
  }
  await tally.settle()
  return tally.figures()
}

/** So many members, each once, all at the same moment. */
export async function atOnce(buy: Buy, members: number): Promise<Figures> {
  const tally = new Tally()
  for (let at = 0; at < members; at++) tally.send(buy, ++lastMember)
  await tally.settle()
  return tally.figures()
}

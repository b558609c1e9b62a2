import type { Observer } from '../observe/observer.js'
import { repeat, type Cancel, type Clock } from '../time/clock.js'
import { KEPT_MS, LOOKED_THROUGH_MS, type Bus, type Close, type Entry, type Position } from './bus.js'
import { MemoryTopic, type Cursor } from './memory-topic.js'
import { isOver, persist, rest } from './persist.js'

/** What the bus in memory stands on, and how many entries of a topic it holds. */
export interface MemoryBusOptions {
  readonly clock: Clock
  readonly observer: Observer
  readonly most?: number
}

type Heard = (entries: readonly Entry[]) => Promise<void>

const MOST_AT_ONCE = 200
const PATIENCE_MS = 5000

/**
 * The bus of the embedded form: everything in this process, gone with it, told again from the outbox.
 * A topic is bounded: when it is full the teller waits for the slowest follower, but not for one that does not move at all;
 * such a one finds the topic told again from his place when he comes back.
 * So does whoever comes from before what is kept by age.
 */
export function memoryBus(options: MemoryBusOptions): Bus {
  return new MemoryBus(options)
}

class MemoryBus implements Bus {
  readonly #clock: Clock
  readonly #observer: Observer
  readonly #most: number
  readonly #topics = new Map<string, MemoryTopic>()
  readonly #listeners = new Map<string, Set<(body: string) => void>>()
  readonly #following = new Set<Close>()
  readonly #endLooking: Cancel

  constructor({ clock, observer, most = 10_000 }: MemoryBusOptions) {
    this.#clock = clock
    this.#observer = observer
    this.#most = most
    this.#endLooking = repeat(clock, LOOKED_THROUGH_MS, () => this.#forgetOld())
  }

  async append(name: string, entries: readonly Entry[], after: Position | null = null): Promise<void> {
    const topic = this.#topic(name)
    topic.add(entries, after, this.#clock.monotonicMs())
    while (topic.size > this.#most) {
      const excess = topic.size - this.#most
      if (topic.isNeeded(excess) && (await this.#someoneMoves(topic))) continue
      this.#drop(name, topic, Math.min(excess, topic.size))
    }
  }

  #drop(name: string, topic: MemoryTopic, count: number): void {
    if (topic.isNeeded(count)) this.#observer.count('bus.left_behind', { topic: name })
    topic.drop(count)
  }

  #forgetOld(): void {
    const eldestMs = this.#clock.monotonicMs() - KEPT_MS
    for (const [name, topic] of this.#topics) {
      const count = topic.before(eldestMs)
      if (count === 0) continue
      this.#drop(name, topic, count)
      this.#observer.count('bus.aged', { topic: name }, count)
    }
  }

  last(topic: string): Promise<Position | null> {
    return Promise.resolve(this.#topic(topic).last)
  }

  follow(name: string, after: Position | null, heard: Heard): Close {
    const ending = new AbortController()
    const topic = this.#topic(name)
    const cursor: Cursor = { at: after }
    topic.join(cursor)
    const ended = this.#read(name, cursor, heard, ending.signal)
    const close = async (): Promise<void> => {
      ending.abort()
      topic.leave(cursor)
      this.#following.delete(close)
      await ended
    }
    this.#following.add(close)
    return close
  }

  signal(channel: string, body: string): void {
    for (const heard of this.#listeners.get(channel) ?? []) queueMicrotask(() => heard(body))
  }

  listen(channel: string, heard: (body: string) => void): Promise<Close> {
    const own = (body: string): void => heard(body) // its own, so that the same function may listen twice
    const listeners = this.#listeners.get(channel) ?? new Set()
    this.#listeners.set(channel, listeners.add(own))
    return Promise.resolve(() => {
      listeners.delete(own)
      if (listeners.size === 0) this.#listeners.delete(channel)
      return Promise.resolve()
    })
  }

  async close(): Promise<void> {
    this.#endLooking()
    await Promise.all([...this.#following].map((close) => close()))
  }

  async #read(name: string, cursor: Cursor, heard: Heard, signal: AbortSignal): Promise<void> {
    const topic = this.#topic(name)
    while (!isOver(signal)) {
      const changed = topic.change()
      const entries = topic.next(cursor, MOST_AT_ONCE)
      const newest = entries.at(-1)
      if (newest === undefined) await changed
      else {
        await persist(() => heard(entries), { clock: this.#clock, observer: this.#observer, name, signal })
        if (!isOver(signal)) topic.move(cursor, newest.position)
      }
    }
  }

  async #someoneMoves(topic: MemoryTopic): Promise<boolean> {
    const patience = new AbortController()
    const moved = topic.change().then(() => true)
    const gaveUp = rest(this.#clock, PATIENCE_MS, patience.signal).then(() => false)
    const result = await Promise.race([moved, gaveUp])
    patience.abort()
    return result
  }

  #topic(name: string): MemoryTopic {
    const topic = this.#topics.get(name) ?? new MemoryTopic()
    this.#topics.set(name, topic)
    return topic
  }
}

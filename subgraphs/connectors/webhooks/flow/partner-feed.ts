import type { Close, Entry } from '../../../../platform/bus/bus.js'
import { persist } from '../../../../platform/bus/persist.js'
import { json } from '../../../../platform/decode.js'
import type { Ground } from '../../../host/subgraph.js'
import type { Letter } from '../letter.js'
import { newsIn, TOPICS, type News } from './hear.js'

/** What partners are told as it happens. Nothing of it is kept: what came while nobody watched is in the catalogue, in the orders and in the letters. */
export interface PartnerFeed {
  /** From now on, in order, each thing's newest news only while they wait. For a watcher who is too far behind it ends with a `gap`. */
  watch(partner: string): AsyncIterableIterator<Letter>
  stop(): Promise<void>
}

/** Things of which news may wait for one watcher. */
const MOST_WAITING = 10_000

/** Hears our topics from their ends on, once for all who watch in this process. */
export function openFeed({ bus, clock, observer }: Ground): PartnerFeed {
  const watchers = new Set<Watcher>()

  function hear(topic: string, entries: readonly Entry[]): Promise<void> {
    if (watchers.size > 0) for (const entry of entries) for (const news of read(topic, entry)) tell(news)
    return Promise.resolve()
  }

  /** What cannot be read is the consumers' to complain of. */
  function read(topic: string, { body }: Entry): readonly News[] {
    try {
      return newsIn(topic, json(body, 'entry'))
    } catch (error) {
      observer.count('webhooks.feed.unread')
      observer.log('warn', 'an event is not told to who watches', { error })
      return []
    }
  }

  function tell(news: News): void {
    for (const watcher of watchers) if (news.to === null || news.to === watcher.partner) watcher.tell(news)
  }

  async function follow(topic: string): Promise<Close | null> {
    const last = async () => ({ position: await bus.last(topic) })
    const from = await persist(last, { clock, observer, name: `webhooks.feed of ${topic}`, signal: ending.signal })
    if (from === null || ending.signal.aborted) return null
    return bus.follow(topic, from.position, (entries) => hear(topic, entries))
  }

  const ending = new AbortController()
  const following = TOPICS.map(follow)
  return {
    watch(partner) {
      const watcher = new Watcher(partner, () => {
        watchers.delete(watcher)
        observer.gauge('webhooks.feed.watchers', watchers.size)
      })
      watchers.add(watcher)
      observer.gauge('webhooks.feed.watchers', watchers.size)
      return watcher
    },
    async stop() {
      ending.abort()
      for (const close of await Promise.all(following)) await close?.()
      await Promise.all([...watchers].map((watcher) => watcher.return()))
    },
  }
}

type Next = IteratorResult<Letter, undefined>
const DONE: Next = { done: true, value: undefined }

/** One who watches, and what waits for him. */
class Watcher implements AsyncIterableIterator<Letter> {
  readonly partner: string
  readonly #left: () => void
  readonly #news = new Map<string, Letter>()
  #waiting: ((next: Next) => void) | null = null
  #ended = false
  #isBehind = false

  constructor(partner: string, left: () => void) {
    this.partner = partner
    this.#left = left
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  tell({ thing, letter }: News): void {
    const value = { ...letter, partner: this.partner }
    if (this.#waiting !== null) {
      this.#waiting({ done: false, value })
      this.#waiting = null
      return
    }
    this.#news.delete(thing) // the newer one stands behind what was told before it
    this.#news.set(thing, value)
    if (this.#news.size > MOST_WAITING) this.#tooFarBehind(letter.at)
  }

  /** The last that he hears. */
  #tooFarBehind(at: string): void {
    this.#left()
    this.#news.clear()
    this.#news.set('gap', { partner: this.partner, id: 'gap', kind: 'gap', at, facts: { version: 0 } })
    this.#isBehind = true
  }

  next(): Promise<Next> {
    if (this.#ended) return Promise.resolve(DONE)
    for (const [thing, value] of this.#news) {
      this.#ended = this.#isBehind
      this.#news.delete(thing)
      return Promise.resolve({ done: false, value })
    }
    return new Promise((resolve) => (this.#waiting = resolve))
  }

  return(): Promise<Next> {
    this.#ended = true
    this.#left()
    this.#waiting?.(DONE)
    this.#waiting = null
    return Promise.resolve(DONE)
  }
}

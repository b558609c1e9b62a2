import { createClient } from 'redis'
import type { Observer } from '../observe/observer.js'
import { pause, repeat, type Cancel, type Clock } from '../time/clock.js'
import { KEPT_MS, LOOKED_THROUGH_MS, type Bus, type Close, type Entry, type Position } from './bus.js'
import { isOver, persist } from './persist.js'
import { APPEND, entriesOf, FORGET, lastOf } from './redis-stream.js'

/** Where Redis is, what the bus stands on, and about how many entries of a topic are held. */
export interface RedisBusOptions {
  readonly url: string
  readonly clock: Clock
  readonly observer: Observer
  readonly most?: number
  /** Stands before every key and channel, so that installations can share one Redis. */
  readonly prefix?: string
}

type Client = ReturnType<typeof connect>
type Heard = (entries: readonly Entry[]) => Promise<void>

const MOST_AT_ONCE = 200
const MOST_FORGOTTEN = 500
const BLOCK_MS = 2000
const SILENCE_MS = 10_000
const SURE_MS = 2000

/**
 * The bus of the grown form: a stream for each topic, its ids our positions; signals by publish and subscribe. While Redis is away
 * telling fails (and is tried again by the relay), following waits, and signals are lost and counted.
 */
export function redisBus(options: RedisBusOptions): Bus {
  return new RedisBus(options)
}

class RedisBus implements Bus {
  readonly #options: RedisBusOptions
  readonly #prefix: string
  readonly #client: Client
  readonly #subscriber: Client
  readonly #following = new Set<Close>()
  /** Topics that this process tells: it looks through them for what is old. */
  readonly #told = new Set<string>()
  readonly #endLooking: Cancel

  constructor(options: RedisBusOptions) {
    this.#options = options
    this.#prefix = options.prefix ?? 'daihuo:'
    this.#client = connect(options, true)
    this.#subscriber = connect(options, false)
    this.#endLooking = repeat(options.clock, LOOKED_THROUGH_MS, () => this.#forgetOld())
  }

  async append(topic: string, entries: readonly Entry[], after: Position | null = null): Promise<void> {
    if (entries.length === 0) return
    this.#told.add(topic)
    const pairs = entries.flatMap(({ position, body }) => [position, body])
    await this.#client.eval(APPEND, {
      keys: [this.#topic(topic)],
      arguments: [after ?? '0-0', String(this.#options.most ?? 200_000), String(this.#nowMs()), ...pairs],
    })
  }

  async last(topic: string): Promise<Position | null> {
    return lastOf(await this.#client.sendCommand(['XREVRANGE', this.#topic(topic), '+', '-', 'COUNT', '1']))
  }

  follow(topic: string, after: Position | null, heard: Heard): Close {
    const ending = new AbortController()
    const client = connect(this.#options, true)
    const ended = this.#read(client, topic, after, heard, ending.signal)
    const close = async (): Promise<void> => {
      if (!this.#following.delete(close)) return
      ending.abort()
      client.destroy() // it may be blocked in a read
      await ended
    }
    this.#following.add(close)
    return close
  }

  signal(channel: string, body: string): void {
    this.#client.publish(this.#channel(channel), body).catch(() => this.#options.observer.count('bus.signal_lost'))
  }

  async listen(channel: string, heard: (body: string) => void): Promise<Close> {
    const own = (body: string): void => heard(body) // its own, so that the same function may listen twice
    const name = this.#channel(channel)
    const listening = this.#subscriber.subscribe(name, own)
    // While Redis is away the subscription waits for it; whoever starts then must not.
    await Promise.race([listening, pause(this.#options.clock, SURE_MS)])
    return () => this.#subscriber.unsubscribe(name, own).catch(() => undefined)
  }

  async close(): Promise<void> {
    this.#endLooking()
    await Promise.all([...this.#following].map((close) => close()))
    this.#subscriber.destroy()
    if (this.#client.isReady) await this.#client.close()
    else this.#client.destroy()
  }

  async #read(client: Client, topic: string, after: Position | null, heard: Heard, signal: AbortSignal): Promise<void> {
    const { clock, observer } = this.#options
    const persistence = { clock, observer, name: topic, signal }
    const key = this.#topic(topic)
    let at = after ?? '0-0'
    while (!isOver(signal)) {
      const read = ['XREAD', 'COUNT', String(MOST_AT_ONCE), 'BLOCK', String(BLOCK_MS), 'STREAMS', key, at]
      const entries = await persist(async () => entriesOf(await client.sendCommand(read)), persistence)
      const newest = entries?.at(-1)
      if (entries === null || newest === undefined) continue
      await persist(() => heard(entries), persistence)
      at = newest.position
    }
  }

  async #forgetOld(): Promise<void> {
    const { observer } = this.#options
    const before = String(this.#nowMs() - KEPT_MS)
    try {
      for (const topic of this.#told) {
        const keys = [this.#topic(topic)]
        for (let count = MOST_FORGOTTEN; count === MOST_FORGOTTEN;) {
          count = Number(await this.#client.eval(FORGET, { keys, arguments: [before, String(MOST_FORGOTTEN)] }))
          observer.count('bus.aged', { topic }, count)
        }
      }
    } catch (error) {
      observer.log('warn', 'the bus keeps its old entries for now', { error: String(error) })
    }
  }

  /** The calendar's: all tellers of a topic have that one in common. */
  #nowMs(): number {
    return this.#options.clock.now().getTime()
  }

  #topic(name: string): string {
    return `${this.#prefix}topic:${name}`
  }

  #channel(name: string): string {
    return `${this.#prefix}signal:${name}`
  }
}

/** A connection that comes back by itself. A `brisk` one refuses at once while it is away; the other keeps what it is asked. */
function connect({ url, observer }: RedisBusOptions, brisk: boolean) {
  const client = createClient({
    url,
    disableOfflineQueue: brisk,
    socket: { reconnectStrategy: (retries) => Math.min(50 * 2 ** Math.min(retries, 5), 1000), connectTimeout: 5000 },
    pingInterval: SILENCE_MS / 2,
  })
  client.on('error', () => observer.count('bus.connection_failed'))
  client.connect().catch(() => undefined) // it goes on trying until it is destroyed
  return client
}

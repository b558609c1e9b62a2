import { Failure } from '../failure.js'
import { systemClock } from '../time/clock.js'
import { CALL_FAILURES } from './call.js'
import { Line, type Address, type LineEvents } from './line.js'
import { Post } from './post.js'
import type { Poster, PosterOptions } from './poster.js'
import { noResponse } from './response-head.js'

/**
 * Posts over plain HTTP/1.1: no stream, no timer and no event is made for a post, one text goes out and the answer is copied once.
 * Questions to subgraphs are most of what a gateway does, and with the library each costs about 20 µs more (bench/gateway, `list`);
 * `library-poster.ts` keeps the same promises and is its oracle.
 */
export function leanPoster(origin: string, options: PosterOptions): Poster {
  const lines = new Lines(new URL(origin), options)
  return {
    post: (path, headers, body, bounds) =>
      new Promise((resolve, reject) => lines.post(new Post({ path, headers, body }, bounds, { resolve, reject }))),
    close: () => lines.close(),
  }
}

/** How often we look for posts whose time is over: real time, as sockets know no other. */
const LOOK_MS = 50
const READ_BYTES = 65_536
/** So long no connection is shared after one has failed those who waited on it. */
const ALONE_MS = 1_000

/** All connections to one host. */
class Lines {
  readonly #address: Address
  readonly #most: number
  readonly #pipelining: number
  readonly #events: LineEvents = {
    free: (line) => this.#freed(line),
    held: (behind) => behind.forEach((post) => this.#repeat(post)),
    gone: (line, unanswered) => this.#gone(line, unanswered),
  }
  readonly #all = new Set<Line>()
  readonly #idle: Line[] = []
  /** Where posts of this turn of the event loop are gathered. */
  #gathering: Line | null = null
  #waiting: Post[] = []
  #next = 0
  #aloneUntilMs = 0
  #isWatched = false
  #closed: (() => void) | null = null

  constructor({ hostname, port, host }: URL, { connections, pipelining = 1 }: PosterOptions) {
    this.#address = {
      host: hostname.replace(/^\[(.*)\]$/, '$1'),
      port: Number(port === '' ? 80 : port),
      head: `HTTP/1.1\r\nhost: ${host}\r\nconnection: keep-alive\r\n`,
      read: Buffer.allocUnsafeSlow(READ_BYTES),
    }
    this.#most = connections
    this.#pipelining = pipelining
  }

  post(post: Post): void {
    post.onAbort(() => {
      post.fail(new Failure(CALL_FAILURES.unreachable, 'nobody waits for the answer any more'))
      for (const line of this.#all) if (line.holds(post)) line.left(post)
    })
    if (post.isOver) return
    if (this.#closed === null) this.#send(post)
    else post.fail(noResponse('the way is closed'))
  }

  close(): Promise<void> {
    return new Promise((closed) => {
      this.#closed = closed
      for (const line of this.#idle.splice(0)) line.drop()
      this.#settle()
    })
  }

  #send(post: Post): void {
    this.#watch()
    const gathers = post.mayShare && this.#pipelining > 1 && systemClock.monotonicMs() >= this.#aloneUntilMs
    const line =
      (gathers ? this.#gatheringLine(post) : null) ?? this.#freeLine() ?? (gathers ? this.#sharedLine(post) : null)
    if (line === null) {
      this.#waiting.push(post)
      return
    }
    line.send(post, gathers)
    if (gathers) this.#gathering = line
  }

  #gatheringLine(post: Post): Line | null {
    const line = this.#gathering
    return line !== null && line.isGathering && line.hasRoom(post, this.#pipelining) ? line : null
  }

  /** The one that was used last, or a new one. */
  #freeLine(): Line | null {
    for (let line = this.#idle.pop(); line !== undefined; line = this.#idle.pop())
      if (line.isUsable) return line
      else line.drop()
    if (this.#all.size >= this.#most) return null
    const line = new Line(this.#address, this.#events)
    this.#all.add(line)
    return line
  }

  #sharedLine(post: Post): Line | null {
    for (const line of this.#all) if (line.hasRoom(post, this.#pipelining)) return line
    return null
  }

  #freed(line: Line): void {
    const post = this.#first()
    if (post !== null) line.send(post, false)
    else if (this.#closed === null) this.#idle.push(line)
    else line.drop()
  }

  #gone(line: Line, unanswered: readonly Post[]): void {
    this.#all.delete(line)
    const at = this.#idle.indexOf(line)
    if (at >= 0) this.#idle.splice(at, 1)
    for (const post of unanswered) this.#repeat(post)
    const post = this.#first()
    if (post !== null) this.#send(post)
    this.#settle()
  }

  /** What stood behind another that failed or takes long is sent again, once and alone; a change of something never stands there. */
  #repeat(post: Post): void {
    if (post.isOver) return
    if (post.isRepeated || !post.isSafe) {
      post.fail(noResponse('the connection ended'))
      return
    }
    this.#aloneUntilMs = systemClock.monotonicMs() + ALONE_MS
    post.isRepeated = true
    this.#send(post)
  }

  /** Who waits longest; those whose time is over are passed over. */
  #first(): Post | null {
    while (this.#next < this.#waiting.length) {
      const post = this.#waiting[this.#next++]
      if (post?.isOver === false) return post
    }
    this.#waiting = []
    this.#next = 0
    return null
  }

  #watch(): void {
    if (this.#isWatched) return
    this.#isWatched = true
    // Where we were late ourselves, answers lie here already: they are read before anybody is called late.
    systemClock.after(LOOK_MS, () => setImmediate(() => this.#look()))
  }

  #look(): void {
    this.#isWatched = false
    const now = systemClock.monotonicMs()
    for (const line of this.#all) line.checkTime(now)
    for (const post of this.#waiting.slice(this.#next))
      if (post.until <= now) post.fail(new Failure(CALL_FAILURES.timeout, 'no connection in time'))
    if (this.#all.size > this.#idle.length) this.#watch()
  }

  #settle(): void {
    if (this.#closed !== null && this.#all.size === 0) this.#closed()
  }
}

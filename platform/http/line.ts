import { connect, type Socket } from 'node:net'
import { Failure } from '../failure.js'
import { systemClock } from '../time/clock.js'
import { CALL_FAILURES } from './call.js'
import type { Letter, Post } from './post.js'
import { noResponse } from './response-head.js'
import { ResponseReader } from './response-reader.js'

/** Where connections lead, and what they have in common. */
export interface Address {
  readonly host: string
  readonly port: number
  /** Of each head what comes after the path. */
  readonly head: string
  /** Where sockets put what they read: one after the other, so one place is enough for all. */
  readonly read: Buffer
}

/** What a connection tells whoever keeps it. */
export interface LineEvents {
  /** Nothing is under way on it any more. */
  readonly free: (line: Line) => void
  /** The post before these takes long: they are handed back. */
  readonly held: (behind: readonly Post[]) => void
  /** It is closed. Posts whose turn had not come are handed back. */
  readonly gone: (line: Line, unanswered: readonly Post[]) => void
}

/** So long others wait behind one post. */
const HELD_MS = 100

/** What a field's value may hold (RFC 9110, section 5.5). */
const ASCII = /^[\t\x20-\x7e]*$/
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/

/** One connection, and the posts that are under way on it, in order. */
export class Line {
  readonly #socket: Socket
  readonly #head: string
  readonly #events: LineEvents
  readonly #posts: Post[] = []
  /** Of the first post. */
  #reader: ResponseReader | null = null
  /** Since when it is the first. */
  #firstSince = 0
  /** Those behind it were handed back: their answers come for nobody. */
  #isHeld = false
  #idleUntil = Infinity
  #isBroken = false
  /** What goes out when this turn of the event loop ends. */
  #gathered: Outgoing | null = null

  constructor({ host, port, head, read }: Address, events: LineEvents) {
    this.#head = head
    this.#events = events
    this.#socket = connect({
      ...{ host, port, noDelay: true },
      onread: { buffer: read, callback: (count) => this.#take(read.subarray(0, count)) },
    })
    this.#socket.on('error', (error) => this.#break(noResponse(error.message)))
    this.#socket.on('end', () => this.#ended())
    this.#socket.on('close', () => {
      this.#ended()
      events.gone(this, this.#posts.splice(0))
    })
  }

  /** Whether a post may go out on it alone. */
  get isUsable(): boolean {
    return !this.#socket.destroyed && this.#socket.writable && systemClock.monotonicMs() < this.#idleUntil
  }

  /** Whether a post may go out behind those that are under way. */
  hasRoom(post: Post, most: number): boolean {
    if (this.#posts.length >= most || this.#isBroken || this.#isHeld) return false
    return this.#posts.every(({ mayShare, group }) => mayShare && group === post.group)
  }

  /** Whether something is gathered that goes out together. */
  get isGathering(): boolean {
    return this.#gathered !== null
  }

  holds(post: Post): boolean {
    return this.#posts.includes(post)
  }

  /** Sends at once, or together with what else is sent in this turn of the event loop. */
  send(post: Post, gathers: boolean): void {
    let outgoing: Outgoing
    try {
      outgoing = written(post.letter, this.#head)
    } catch (error) {
      post.fail(error instanceof Failure ? error : noResponse('it could not be sent'))
      this.drop()
      return
    }
    this.#posts.push(post)
    if (this.#reader === null) this.#await(post)
    this.#idleUntil = Infinity
    this.#socket.ref()
    if (gathers) this.#gather(outgoing)
    else this.#socket.write(outgoing.text, outgoing.encoding)
  }

  /** Who waits no more: alone on the line he takes it with him, else his answer is read for nobody. */
  left(post: Post): void {
    if (this.#posts.length === 1 && this.#posts[0] === post) this.drop()
  }

  checkTime(now: number): void {
    for (const post of this.#posts) if (post.until <= now) post.fail(late())
    const [first] = this.#posts
    if (first !== undefined && first.until <= now) this.#break(late())
    else if (this.#posts.length > 1 && now - this.#firstSince > HELD_MS) {
      this.#isHeld = true
      this.#events.held(this.#posts.splice(1))
    }
  }

  /** What is under way on it is handed back. */
  drop(): void {
    this.#isBroken = true
    this.#socket.destroy()
  }

  #await(post: Post): void {
    this.#reader = new ResponseReader(post.mostBytes)
    this.#firstSince = systemClock.monotonicMs()
  }

  #gather({ text, encoding }: Outgoing): void {
    if (this.#gathered === null) {
      this.#gathered = { text, encoding }
      setImmediate(() => this.#flush())
    } else {
      this.#gathered.text += text
      if (encoding === 'utf8') this.#gathered.encoding = encoding
    }
  }

  #flush(): void {
    const gathered = this.#gathered
    this.#gathered = null
    if (gathered !== null && !this.#isBroken) this.#socket.write(gathered.text, gathered.encoding)
  }

  /** Bytes of the answers; true goes on reading. */
  #take(bytes: Buffer): boolean {
    let rest = bytes
    try {
      while (rest.length > 0 && !this.#isBroken) {
        if (this.#reader === null) throw noResponse('nobody asked')
        if (!this.#reader.take(rest)) break
        rest = this.#reader.rest
        this.#answered(this.#reader)
      }
    } catch (error) {
      this.#break(error instanceof Failure ? error : noResponse('it could not be read'))
    }
    return true
  }

  #answered(reader: ResponseReader): void {
    this.#posts.shift()?.answer(reader.posted)
    const [next] = this.#posts
    if (next === undefined) this.#reader = null
    else this.#await(next)
    const { reusableMs, rest } = reader
    // Bytes that nobody asked for would be taken for the next answer.
    const isUnclear = this.#isHeld || (next === undefined && rest.length > 0)
    if (reusableMs === 0 || this.#socket.destroyed || isUnclear) this.drop()
    else if (next === undefined) {
      this.#idleUntil = systemClock.monotonicMs() + reusableMs
      this.#socket.unref()
      this.#events.free(this)
    }
  }

  #ended(): void {
    if (this.#isBroken) return
    if (this.#reader?.end() === true) this.#answered(this.#reader)
    else this.#break(noResponse('the connection ended'))
  }

  /** The first post fails; the others are handed back. */
  #break(failure: Failure): void {
    if (this.#isBroken) return
    this.#reader = null
    this.#posts.shift()?.fail(failure)
    this.drop()
  }
}

/** A text on its way out; as `latin1` only what is ASCII, or bytes one by one. */
interface Outgoing {
  text: string
  encoding: 'latin1' | 'utf8'
}

function written({ path, headers, body }: Letter, common: string): Outgoing {
  let head = `POST ${path} ${common}`
  let isAscii = true
  for (const name in headers) {
    const value = headers[name] ?? ''
    isAscii &&= ASCII.test(value)
    if (!isAscii && !VALUE.test(value)) throw noResponse(`header ${name} cannot be sent`)
    head += `${name}: ${value}\r\n`
  }
  const bytes = Buffer.byteLength(body)
  head += `content-length: ${bytes}\r\n\r\n`
  if (bytes === body.length) return { text: head + body, encoding: 'latin1' }
  if (isAscii) return { text: head + body, encoding: 'utf8' }
  return { text: head + Buffer.from(body).toString('latin1'), encoding: 'latin1' }
}

function late(): Failure {
  return new Failure(CALL_FAILURES.timeout, 'no answer in time')
}

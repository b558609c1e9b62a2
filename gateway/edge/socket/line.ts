import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import type { SharedAnswer } from '../../live/shared-answer.js'
import { SharedWrite, type Addressee, type Told } from './shared-write.js'

/** How much may wait in a line, and who is told when more does. */
export interface LineBound {
  readonly mostBacklog: number
  full(): void
}

/** What a line needs of its WebSocket. */
export type LineSocket = Pick<WebSocket, 'readyState' | 'OPEN' | 'send' | 'close' | 'terminate' | 'ping' | 'pong'>

/** Lines that are written to before others may have the thread: about ten milliseconds. */
const LINES_AT_ONCE = 1_000

/**
 * One client's socket, as bytes. What is told within a tick goes out in one piece, also when several events fall into it, and past
 * `ws`, whose compression is off: nothing waits in it, so that what it sends itself keeps its place.
 */
export class Line {
  readonly #socket: LineSocket
  readonly #raw: Duplex
  readonly #bound: LineBound
  #to: Addressee | null = null
  #answer: SharedAnswer | null = null
  #more: Told[] | null = null
  #waits = false
  /** The kernel took all that was last told: nothing waits, and nobody has to look at a socket that the processor's cache has lost. */
  #clear = false
  #wasTold = false

  constructor(socket: LineSocket, raw: Duplex, bound: LineBound) {
    this.#socket = socket
    this.#raw = raw
    this.#bound = bound
  }

  /** Bytes that the client has not taken yet. */
  get backlog(): number {
    return this.#clear ? 0 : this.#raw.writableLength
  }

  get open(): boolean {
    return this.#socket.readyState === this.#socket.OPEN
  }

  send(text: string): void {
    this.flush()
    if (this.#takes()) this.#socket.send(text)
    this.#clear = false
  }

  /** At the end of this tick, together with whatever else is told by then. */
  tell(to: Addressee, answer: SharedAnswer): void {
    if (this.#answer === null) {
      this.#to = to
      this.#answer = answer
    } else (this.#more ??= []).push({ to, answer })
    if (this.#waits) return
    this.#waits = true
    waiting.push(this)
    if (waiting.length === 1) setImmediate(flushSome)
  }

  /** Says why, then waits for the client to agree; `ws` cuts the socket when it does not. */
  close(code: number, reason: string): void {
    this.flush()
    this.#socket.close(code, reason.slice(0, 120))
  }

  /** Cuts at once. */
  cut(): void {
    this.#socket.terminate()
  }

  /** Whether the kernel has taken an event since this was last asked: what is told keeps a connection open as a ping does. */
  wasTold(): boolean {
    const told = this.#wasTold
    this.#wasTold = false
    return told
  }

  ping(): void {
    if (this.open) this.#socket.ping()
    this.#clear = false
  }

  /** The answer to a ping of the client's WebSocket. */
  pong(data: Buffer): void {
    if (this.#takes()) this.#socket.pong(data)
    this.#clear = false
  }

  /** Whatever was told goes out now. */
  flush(): void {
    const to = this.#to
    const answer = this.#answer
    if (to === null || answer === null) return
    const more = this.#more
    this.#to = this.#answer = this.#more = null
    if (this.#takes()) this.#clear = this.#wasTold = shared.write(this.#raw, to, answer, more)
  }

  /** Its turn has come. */
  turn(): void {
    this.#waits = false
    this.flush()
  }

  /** Whatever is written passes here: a client that asks and never reads has no more waiting than its bound and one answer. */
  #takes(): boolean {
    if (!this.open) return false
    if (this.backlog <= this.#bound.mostBacklog) return true
    this.#bound.full()
    return false
  }
}

const shared = new SharedWrite()
/** Lines with something to tell, in the order in which they were told it. */
let waiting: Line[] = []
let from = 0

function flushSome(): void {
  const to = Math.min(waiting.length, from + LINES_AT_ONCE)
  for (; from < to; from++) waiting[from]?.turn()
  if (from < waiting.length) {
    setImmediate(flushSome)
    return
  }
  waiting = []
  from = 0
}

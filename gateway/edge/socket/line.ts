import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'

/**
 * One client's socket, as bytes. What is written within a tick goes out in one piece, also when several events fall into it.
 * Compression is off, so that what `ws` sends itself and what is written past it keep their order.
 */
export class Line {
  readonly #socket: WebSocket
  readonly #raw: Duplex
  #corked = false

  constructor(socket: WebSocket, raw: Duplex) {
    this.#socket = socket
    this.#raw = raw
  }

  /** Bytes that the client has not taken yet. */
  get backlog(): number {
    return this.#raw.writableLength
  }

  get open(): boolean {
    return this.#socket.readyState === this.#socket.OPEN
  }

  send(text: string): void {
    if (!this.open) return
    this.#cork()
    this.#socket.send(text)
  }

  /** Two fragments of one message. */
  sendParts(head: Buffer, tail: Buffer): void {
    if (!this.open) return
    this.#cork()
    this.#raw.write(head)
    this.#raw.write(tail)
  }

  /** Says why, then waits for the client to agree; `ws` cuts the socket when it does not. */
  close(code: number, reason: string): void {
    this.#socket.close(code, reason.slice(0, 120))
  }

  /** Cuts at once. */
  cut(): void {
    this.#socket.terminate()
  }

  ping(): void {
    if (this.open) this.#socket.ping()
  }

  #cork(): void {
    if (this.#corked) return
    this.#corked = true
    this.#raw.cork()
    waiting.push(this)
    if (waiting.length === 1) setImmediate(uncorkAll)
  }

  uncork(): void {
    this.#corked = false
    this.#raw.uncork()
  }
}

/** Lines with something to send at the end of this tick. */
let waiting: Line[] = []

function uncorkAll(): void {
  const now = waiting
  waiting = []
  for (const line of now) line.uncork()
}

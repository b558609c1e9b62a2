import type { ServerResponse } from 'node:http'
import type { SharedAnswer } from '../../live/shared-answer.js'
import type { Sink } from '../../live/sink.js'
import type { StreamProtocol } from './stream-protocols.js'

/** One operation's answers as one HTTP response that stays open. */
export class AnswerStream implements Sink {
  readonly #raw: ServerResponse
  readonly #protocol: StreamProtocol

  /** Headers and a first sign of life go out at once, long before the first event. */
  constructor(raw: ServerResponse, protocol: StreamProtocol, headers: Readonly<Record<string, string>>) {
    this.#raw = raw
    this.#protocol = protocol
    raw.writeHead(200, {
      ...headers,
      'content-type': protocol.contentType,
      'cache-control': 'no-store',
      'x-accel-buffering': 'no', // a proxy of nginx's kind would collect events otherwise
    })
    raw.write(protocol.begin)
  }

  next(answer: SharedAnswer): void {
    this.#write(answer.bytes(this.#protocol.next))
  }

  fail(errors: string): void {
    this.#write(this.#protocol.fail(errors))
    this.complete()
  }

  complete(): void {
    this.#write(this.#protocol.end)
    this.#raw.end()
  }

  backlog(): number {
    return this.#raw.writableLength
  }

  /** Its line is full, so no reason would get through. */
  drop(): void {
    this.#raw.destroy()
  }

  beat(): void {
    this.#write(this.#protocol.beat)
  }

  #write(bytes: string | Buffer): void {
    if (!this.#raw.writableEnded && !this.#raw.destroyed) this.#raw.write(bytes)
  }
}

import type { SharedAnswer } from '../../live/shared-answer.js'
import type { Sink } from '../../live/sink.js'
import type { Line } from './line.js'
import { CLOSE } from './messages.js'
import type { Addressee } from './shared-write.js'

/** The conversation that an operation belongs to. */
export interface Conversation {
  /** False when the operation was over already: then nothing more is told of it. */
  finish(id: string): boolean
  close(code: number, reason: string): void
}

/** One operation of one client, as its group sees it. */
export class Subscription implements Sink, Addressee {
  readonly id: string
  readonly idBytes: number
  readonly #line: Line
  readonly #conversation: Conversation

  constructor(id: string, line: Line, conversation: Conversation) {
    this.id = JSON.stringify(id)
    this.idBytes = Buffer.byteLength(this.id)
    this.#line = line
    this.#conversation = conversation
  }

  next(answer: SharedAnswer): void {
    this.#line.tell(this, answer)
  }

  fail(errors: string): void {
    if (this.#finish()) this.#line.send(`{"id":${this.id},"type":"error","payload":${errors}}`)
  }

  complete(): void {
    if (this.#finish()) this.#line.send(`{"id":${this.id},"type":"complete"}`)
  }

  backlog(): number {
    return this.#line.backlog
  }

  drop(reason: string): void {
    this.#conversation.close(CLOSE.tryLater, reason)
  }

  #finish(): boolean {
    return this.#conversation.finish(JSON.parse(this.id) as string) // made from one
  }
}

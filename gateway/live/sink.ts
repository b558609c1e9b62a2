import type { SharedAnswer } from './shared-answer.js'

/** One viewer's line, as the group that it belongs to sees it; each transport makes its own. None of its deeds waits or throws. */
export interface Sink {
  /** One event. */
  next(answer: SharedAnswer): void
  /** The subscription failed and is over. `errors` is the JSON text of a list of GraphQL errors. */
  fail(errors: string): void
  /** The subscription came to its end. */
  complete(): void
  /** Bytes that the viewer has not yet taken from us. */
  backlog(): number
  /** The viewer does not keep up: its line is closed with this reason. */
  drop(reason: string): void
}

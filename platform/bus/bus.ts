/**
 * A place in a topic: the writing transaction's number, then the row's. Texts like `812-17`, compared as two whole numbers.
 * The outbox makes them (see `platform/bus/outbox.ts`), the bus keeps their order, a consumer keeps the last one it applied.
 */
export type Position = string

/** What was told, once, of a fact. `body` is JSON text: whoever reads it decodes it. */
export interface Entry {
  readonly position: Position
  readonly body: string
}

/** For how long a topic, and the outbox behind it, keep what was told. */
export const KEPT_MS = 3 * 86_400_000

/** How often it is looked for what is older. */
export const LOOKED_THROUGH_MS = 60_000

/** Ends what was begun; resolves when nothing more will be heard. */
export type Close = () => Promise<void>

/**
 * Carries what parts tell each other. Topics are kept, bounded by number and age, and ordered, for consumers that come back; signals reach
 * only who listens now. The bus is only speed: what it loses is told again from the outbox.
 */
export interface Bus {
  /**
   * Adds entries in order; one that is not above the topic's last position has been told already and is left out.
   * `after` is what the teller took for that last position: when the topic ends below it, it has lost something meanwhile and takes
   * nothing, so that no gap arises; the teller asks `last` again.
   */
  append(topic: string, entries: readonly Entry[], after?: Position | null): Promise<void>
  /** The topic's newest position; null when the bus holds nothing of it. */
  last(topic: string): Promise<Position | null>
  /**
   * Hears every entry above `after` that the topic still holds, then each new one, in order, one batch at a time: the next
   * is not given before `heard` has resolved. When `heard` rejects, the same batch is given again after a pause.
   */
  follow(topic: string, after: Position | null, heard: (entries: readonly Entry[]) => Promise<void>): Close
  /** Tells whoever listens at this moment; nothing is kept. Never fails because of the bus: what is lost is counted. */
  signal(channel: string, body: string): void
  /** Hears signals. Resolves once they are sure to be heard. */
  listen(channel: string, heard: (body: string) => void): Promise<Close>
  close(): Promise<void>
}

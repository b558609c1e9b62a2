/** Answers that come within this time are worth waiting behind. */
const QUICK_MS = 10
/** So long what was found slow goes alone. */
const ALONE_MS = 1_000
/** How much the last answer weighs beside all before it. */
const WEIGHT = 0.2

/**
 * How quickly one question was answered of late. Only what is quick shares a connection: HTTP/1.1 answers in the order of the questions,
 * so that a slow one holds up those behind it, and a server that works on one after the other makes quick ones slow.
 */
export class Pace {
  /** Nobody knows yet: the first goes alone. */
  #tookMs = QUICK_MS
  #aloneUntilMs = 0

  isQuick(nowMs: number): boolean {
    return this.#tookMs < QUICK_MS && nowMs >= this.#aloneUntilMs
  }

  /** An answer, or a failure, took so long. */
  took(ms: number, nowMs: number): void {
    this.#tookMs += WEIGHT * (ms - this.#tookMs)
    if (this.#tookMs > QUICK_MS) this.#aloneUntilMs = nowMs + ALONE_MS
  }
}

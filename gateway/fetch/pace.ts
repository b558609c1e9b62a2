/** Up to so long one paces with all that are quick; above it with those of about the same time. */
const QUICK_MS = 10
/** What takes longer than this on an average goes alone: two doublings above quick. */
const MOST_MS = 40
/** So long what was found slow goes alone. */
const ALONE_MS = 1_000
/** How much the last answer weighs beside all before it. */
const WEIGHT = 0.2

/**
 * How quickly one question was answered of late. Only what is quick shares a connection, and only with what is about as quick: HTTP/1.1
 * answers in the order of the questions, so that a slow one holds up those behind it, and a server that works on one after the other
 * makes quick ones slow. While we are busy ourselves all answers take longer, which is when sharing gains most.
 */
export class Pace {
  /** Nobody knows yet: the first goes alone. */
  #tookMs = MOST_MS
  #aloneUntilMs = 0

  /** Those who share have the same; null goes alone. */
  step(nowMs: number): number | null {
    if (this.#tookMs >= MOST_MS || nowMs < this.#aloneUntilMs) return null
    return this.#tookMs <= QUICK_MS ? 0 : Math.ceil(Math.log2(this.#tookMs / QUICK_MS))
  }

  /** An answer, or a failure, took so long. */
  took(ms: number, nowMs: number): void {
    this.#tookMs += WEIGHT * (ms - this.#tookMs)
    if (this.#tookMs > MOST_MS) this.#aloneUntilMs = nowMs + ALONE_MS
  }
}

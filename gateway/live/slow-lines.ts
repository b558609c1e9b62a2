import type { Observer } from '../../platform/observe/observer.js'
import type { Clock } from '../../platform/time/clock.js'
import type { SharedAnswer } from './shared-answer.js'
import type { Sink } from './sink.js'

/** One rendered event. Events with equal keys replace each other; null for one that must arrive. */
export interface Told {
  readonly answer: SharedAnswer
  readonly key: string | null
  /** Whether viewers go on from it: then it is told before whatever comes after it, or its cursor would be passed over. */
  readonly kept: boolean
}

/** What the lines stand on. */
export interface SlowLinesOptions {
  /** The most bytes that may wait in one viewer's line. */
  readonly mostBacklog: number
  readonly clock: Clock
  readonly observer: Observer
}

/** How often lines are looked at that have something held back. */
const LOOK_MS = 100
/** Values held back for one line at most; of more, the oldest is written after all. */
const MOST_HELD = 1_000

/**
 * What is held back from lines that do not keep up. Above half of its bound a line is not written what will be replaced: of each key
 * the newest waits until the line has drained, or until something that must arrive comes after it. Above three quarters, values that
 * nobody goes on from are let go. While every line keeps up there is nothing here.
 */
export class SlowLines {
  readonly #options: SlowLinesOptions
  readonly #lines = new Map<Sink, Map<string, Told>>()
  #looks = false

  constructor(options: SlowLinesOptions) {
    this.#options = options
  }

  /** Whether anything is held back from anybody. */
  get any(): boolean {
    return this.#lines.size > 0
  }

  /** True when the event is not to be written now; what has to go before it is written here. */
  takes(viewer: Sink, backlog: number, told: Told): boolean {
    const { mostBacklog, observer } = this.#options
    if (backlog * 2 <= mostBacklog) {
      this.release(viewer)
      return false
    }
    if (told.key === null) {
      this.#tellKept(viewer)
      return false
    }
    if (!told.kept && backlog * 4 > mostBacklog * 3) {
      this.#lines.get(viewer)?.delete(told.key)
      observer.count('live.lineDropped')
    } else this.#hold(viewer, told.key, told)
    return true
  }

  /** Whatever is held back from the viewer is written now. */
  release(viewer: Sink): void {
    const held = this.#lines.get(viewer)
    if (held === undefined) return
    this.#lines.delete(viewer)
    for (const { answer } of held.values()) viewer.next(answer)
  }

  /** The viewer is gone. */
  forget(viewer: Sink): void {
    this.#lines.delete(viewer)
  }

  #hold(viewer: Sink, key: string, told: Told): void {
    const held = this.#lines.get(viewer) ?? new Map<string, Told>()
    this.#lines.set(viewer, held)
    held.delete(key) // it stands where it came last
    held.set(key, told)
    this.#options.observer.count('live.lineConflated')
    if (held.size > MOST_HELD) this.#tellOldest(viewer, held)
    this.#lookSoon()
  }

  #tellOldest(viewer: Sink, held: Map<string, Told>): void {
    for (const [key, { answer }] of held) {
      held.delete(key)
      viewer.next(answer)
      return
    }
  }

  #tellKept(viewer: Sink): void {
    const held = this.#lines.get(viewer)
    if (held === undefined) return
    for (const [key, { answer, kept }] of held) {
      if (!kept) continue
      held.delete(key)
      viewer.next(answer)
    }
  }

  /** Nothing may be told for a while to a line that has drained. */
  #lookSoon(): void {
    if (this.#looks || !this.any) return
    this.#looks = true
    this.#options.clock.after(LOOK_MS, () => {
      this.#looks = false
      for (const viewer of [...this.#lines.keys()])
        if (viewer.backlog() * 2 <= this.#options.mostBacklog) this.release(viewer)
      this.#lookSoon()
    })
  }
}

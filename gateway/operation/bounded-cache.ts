import type { Observer } from '../../platform/observe/observer.js'

/** How much a cache may hold: so many things, whose keys together have so many characters. */
export interface Bounds {
  readonly most: number
  readonly mostKeyChars: number
}

/** Keeps the newest used things within its bounds; the longest unused leave first. Hits and misses are counted under its name. */
export class BoundedCache<Value extends object> {
  readonly #held = new Map<string, Value>()
  readonly #name: string
  readonly #bounds: Bounds
  readonly #observer: Observer
  #chars = 0

  constructor(name: string, bounds: Bounds, observer: Observer) {
    this.#name = name
    this.#bounds = bounds
    this.#observer = observer
  }

  get size(): number {
    return this.#held.size
  }

  values(): Iterable<Value> {
    return this.#held.values()
  }

  /** What is held under the key, if anything is. */
  find(key: string): Value | undefined {
    const held = this.#held.get(key)
    this.#observer.count(held === undefined ? 'cache.miss' : 'cache.hit', { cache: this.#name })
    return held
  }

  /** Whether anything is held under the key; nobody is counted as having asked for it. */
  has(key: string): boolean {
    return this.#held.has(key)
  }

  /** What is held under the key, else what `make` makes, which is then held; a `make` that throws leaves nothing behind. */
  get(key: string, make: () => Value): Value {
    const held = this.#held.get(key)
    if (held !== undefined) {
      this.#observer.count('cache.hit', { cache: this.#name })
      this.#held.delete(key)
      this.#held.set(key, held)
      return held
    }
    this.#observer.count('cache.miss', { cache: this.#name })
    const made = make()
    this.#held.set(key, made)
    this.#chars += key.length
    while (this.#held.size > this.#bounds.most || this.#chars > this.#bounds.mostKeyChars) this.#dropOldest()
    return made
  }

  #dropOldest(): void {
    for (const oldest of this.#held.keys()) {
      this.#held.delete(oldest)
      this.#chars -= oldest.length
      return
    }
  }
}

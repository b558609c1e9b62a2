import { isWithin, FIRST, type Deferral } from '../operation/deferrals.js'
import type { Question } from './question.js'

/**
 * The parts in which an answer is told, as a walk sees them that plans one after the other: which questions it may lean on,
 * and to which it may add fields. Part 0 is the first answer; an operation without `@defer` has no other.
 */
export class PartView {
  /** The part that is being planned. */
  now = 0
  #reaches = false
  readonly #sets: readonly ReadonlySet<Deferral>[]

  constructor(sets: readonly ReadonlySet<Deferral>[] = [FIRST]) {
    this.#sets = sets
  }

  get isOnly(): boolean {
    return this.#sets.length === 1
  }

  /** Is what this question brings there whenever this part is told? */
  sees({ part }: Question): boolean {
    return part === this.now || part === 0 || isWithin(this.#set(this.now), this.#set(part))
  }

  /** May fields of this part be asked along with it? Those of another part must not make it slow, or fail. */
  mayAsk(question: Question): boolean {
    return question.part === this.now || (this.#reaches && this.sees(question))
  }

  /** What is done here may add to every question that is seen: keys, and what can be had in no other way. */
  reaching<Result>(run: () => Result): Result {
    const before = this.#reaches
    this.#reaches = true
    try {
      return run()
    } finally {
      this.#reaches = before
    }
  }

  #set(part: number): ReadonlySet<Deferral> {
    return this.#sets[part] ?? FIRST
  }
}

/** Fields that are met while another part is planned, by the part that they are for and the place at which they stand. */
export class Postponed<Place, Field> {
  readonly #byPart = new Map<number, Map<Place, Field[]>>()

  add(part: number, place: Place, field: Field): void {
    let places = this.#byPart.get(part)
    if (places === undefined) this.#byPart.set(part, (places = new Map<Place, Field[]>()))
    const fields = places.get(place)
    if (fields === undefined) places.set(place, [field])
    else fields.push(field)
  }

  /** The part that has waited longest, which waits no more. */
  take(): { readonly part: number; readonly places: ReadonlyMap<Place, readonly Field[]> } | null {
    for (const [part, places] of this.#byPart) {
      this.#byPart.delete(part)
      return { part, places }
    }
    return null
  }
}

import { Kind, type SelectionNode } from 'graphql'
import { isOn, type Switches } from './switches.js'

/** A fragment that may be told later, at one place of an operation and within at most one other such fragment. */
export interface Deferral {
  readonly id: number
  readonly label: string | null
  readonly within: Deferral | null
}

/** The deferred fragments of one operation, found alike by whoever walks it: the same node at the same place is the same. */
export class Deferrals {
  readonly #switches: Switches
  readonly #nodes = new Map<SelectionNode, number>()
  readonly #known = new Map<string, Deferral>()

  constructor(switches: Switches) {
    this.#switches = switches
  }

  get all(): readonly Deferral[] {
    return [...this.#known.values()]
  }

  /** What a fragment's fields stand in: a deferral of its own when it is told later, and the one around it otherwise. */
  of(fragment: SelectionNode, within: Deferral | null, place: string): Deferral | null {
    const directive = fragment.directives?.find(({ name }) => name.value === 'defer')
    if (directive === undefined || !isOn(directive, this.#switches)) return within
    let node = this.#nodes.get(fragment)
    if (node === undefined) this.#nodes.set(fragment, (node = this.#nodes.size))
    const key = `${node} ${within?.id ?? ''} ${place}`
    let known = this.#known.get(key)
    if (known === undefined) {
      const label = directive.arguments?.find(({ name }) => name.value === 'label')?.value
      known = { id: this.#known.size, label: label?.kind === Kind.STRING ? label.value : null, within }
      this.#known.set(key, known)
    }
    return known
  }
}

/** Fields of this part are told with the first answer. */
export const FIRST: ReadonlySet<Deferral> = new Set()

/**
 * Incremental delivery, "Field plans": what is asked for outside of every deferral belongs to the first part; of a deferral
 * and one around it, to the one around it.
 */
export function outermost(deferrals: Iterable<Deferral | null>): ReadonlySet<Deferral> {
  const all = new Set<Deferral>()
  for (const one of deferrals) {
    if (one === null) return FIRST
    all.add(one)
  }
  for (const one of all) if (hasAround(one, all)) all.delete(one)
  return all
}

function hasAround({ within }: Deferral, all: ReadonlySet<Deferral>): boolean {
  for (let around = within; around !== null; around = around.within) if (all.has(around)) return true
  return false
}

/** Is all of `inner` told no sooner than some of `outer`? */
export function isWithin(inner: ReadonlySet<Deferral>, outer: ReadonlySet<Deferral>): boolean {
  if (outer.size === 0) return true
  return inner.size > 0 && [...inner].every((one) => outer.has(one) || hasAround(one, outer))
}

/** Equal for equal sets. */
export function partKey(part: ReadonlySet<Deferral>): string {
  return [...part]
    .map(({ id }) => id)
    .sort((one, other) => one - other)
    .join()
}

/**
 * Was a fragment put in already, for this deferral or for one around it? Notes that it is from here on. One that begins a
 * deferral of its own is always put in.
 */
export function spreadAgain(
  spread: Set<string>,
  name: string,
  { within, around }: { readonly within: Deferral | null; readonly around: Deferral | null },
): boolean {
  for (let at = within; within === around; at = at.within) {
    if (spread.has(`${at?.id ?? ''} ${name}`)) return true
    if (at === null) break
  }
  spread.add(`${within?.id ?? ''} ${name}`)
  return false
}

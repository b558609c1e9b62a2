import { jsonText } from '../operation/json-text.js'
import { keyOf, type Thing } from './tree.js'

/** The common form of a representation: one key, and no objects within. */
export interface Flat {
  readonly typename: string
  readonly start: string
  readonly leaves: readonly Leaf[]
  /** The name of the first value; null where there is none. */
  readonly first: string | null
  /** Equal where the same values make the same text. */
  readonly form: string
}

/** One value: its name in the tree, the name that it is sent under, and what stands before it. */
interface Leaf {
  readonly name: string
  readonly as: string
  readonly isKey: boolean
  readonly head: string
}

export function flatOf(typename: string, leaves: readonly Omit<Leaf, 'head'>[]): Flat {
  const start = `{"__typename":${JSON.stringify(typename)}`
  return {
    typename,
    start,
    leaves: leaves.map((leaf) => ({ ...leaf, head: `,${JSON.stringify(leaf.as)}:` })),
    form: JSON.stringify([typename, leaves.map(({ name, as }) => [name, as])]),
    first: (leaves.find(({ isKey }) => isKey) ?? leaves[0])?.name ?? null,
  }
}

/**
 * What a subgraph is told of objects, made in the form in which it is wanted and in no other: a wire wants text, a subgraph in this
 * process objects. Most are of the flat form and are read off the object itself when they are made.
 */
export class RepresentationList {
  readonly #things: Thing[] = []
  /** How each is made, or its text where that was needed to find it. */
  readonly #made: (string | Flat)[] = []
  #text: string | null = null

  get length(): number {
    return this.#made.length
  }

  /** Gives its place. */
  add(it: Thing, made: string | Flat): number {
    this.#things.push(it)
    return this.#made.push(made) - 1
  }

  /** All of them as the text of one list; made once, for it is asked for again when the question is asked again. */
  text(): string {
    if (this.#text !== null) return this.#text
    let text = ''
    for (let at = 0; at < this.#made.length; at++) {
      const made = this.#made[at] ?? ''
      if (at > 0) text += ','
      text += typeof made === 'string' ? made : writtenFlat(this.#things[at] ?? {}, made)
    }
    return (this.#text = `[${text}]`)
  }

  /** All of them as objects of their own, which a resolver may change. */
  objects(): unknown[] {
    return this.#made.map((made, at): unknown =>
      typeof made === 'string' ? JSON.parse(made) : objectFlat(this.#things[at] ?? {}, made),
    )
  }
}

/** As text. Whatever is asked about is known of it. */
export function writtenFlat(it: Thing, { start, leaves }: Flat): string {
  let text = start
  for (const { name, head } of leaves) {
    const value = keyOf(it, name)
    text += head + (typeof value === 'string' ? jsonText(value) : JSON.stringify(value))
  }
  return `${text}}`
}

function objectFlat(it: Thing, { typename, leaves }: Flat): Thing {
  const made: Thing = { __typename: typename }
  for (const { name, as } of leaves) {
    const value = keyOf(it, name)
    // A scalar of the subgraph's own may be anything that JSON is.
    made[as] = typeof value === 'object' && value !== null ? JSON.parse(JSON.stringify(value)) : value
  }
  return made
}

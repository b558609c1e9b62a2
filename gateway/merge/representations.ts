import { Kind, type SelectionSetNode } from 'graphql'
import type { Requirement } from '../plan/plan.js'
import type { Supergraph } from '../supergraph/supergraph.js'
import type { IsA } from './targets.js'
import { isInherited, keyOf, thing, type Thing } from './tree.js'

/** Equal objects are asked for once: the text of each representation, and the objects that it stands for. */
export interface Representations {
  readonly texts: readonly string[]
  readonly owners: readonly (readonly Thing[])[]
  /** Objects of the right type of which too little is known to ask. */
  readonly unasked: readonly Thing[]
}

/** Writes what a subgraph needs to know of an object; made once for each fetch of a plan. */
export class RepresentationWriter {
  readonly #requires: readonly Requirement[]
  readonly #subgraph: string
  readonly #supergraph: Supergraph
  readonly #byType = new Map<string, TypeWriter | null>()

  constructor(requires: readonly Requirement[], subgraph: string, supergraph: Supergraph) {
    this.#requires = requires
    this.#subgraph = subgraph
    this.#supergraph = supergraph
  }

  /** The text is the key that finds equal ones and the part of the request's body at once. */
  write(targets: readonly Thing[]): Representations {
    const places = new Map<string, number>()
    const texts: string[] = []
    const owners: Thing[][] = []
    const unasked: Thing[] = []
    for (const target of targets) {
      const text = this.#textOf(target)
      if (text === null) {
        if (this.#isMeant(target)) unasked.push(target)
        continue
      }
      const known = places.get(text)
      if (known !== undefined) owners[known]?.push(target)
      else {
        places.set(text, texts.length)
        texts.push(text)
        owners.push([target])
      }
    }
    return { texts, owners, unasked }
  }

  #isMeant(target: Thing): boolean {
    const typename = target['__typename']
    return typeof typename === 'string' && (this.#byType.get(typename) ?? null) !== null
  }

  /** Null when the object cannot be entered there: no type, or a part that is absent, or no key without a null. */
  #textOf(target: Thing): string | null {
    const typename = target['__typename']
    if (typeof typename !== 'string') return null
    let writer = this.#byType.get(typename)
    if (writer === undefined) this.#byType.set(typename, (writer = this.#writerFor(typename)))
    if (writer === null) return null
    return writer.keys.length > 0 && !writer.keys.some((key) => isWhole(target, key))
      ? null
      : written(target, writer.parts, this.#supergraph.isA)
  }

  #writerFor(typename: string): TypeWriter | null {
    const parts = new Map<string, Part>()
    addParts(parts, this.#requires, typename, null, (condition) => this.#supergraph.isA(typename, condition))
    const sentAs = parts.get('__typename')?.constant
    if (sentAs === undefined || sentAs === null) return null // nothing is required of such objects: they are not meant
    const keys = this.#supergraph.joins.keysOf(sentAs, this.#subgraph).filter((key) => holds(parts, key))
    return { parts: [...parts.values()], keys }
  }
}

interface TypeWriter {
  readonly parts: readonly Part[]
  readonly keys: readonly SelectionSetNode[]
}

/** One key of a representation. */
interface Part {
  readonly name: string
  readonly head: string
  readonly constant: string | null
  readonly below: readonly Requirement[] | null
  readonly isInherited: boolean
}

function addParts(
  parts: Map<string, Part>,
  requires: readonly Requirement[],
  typename: string | null,
  sentAs: string | null,
  isA: (condition: string) => boolean,
): void {
  for (const requirement of requires) {
    if (requirement.kind === 'on') {
      if (isA(requirement.type)) addParts(parts, requirement.below, typename, requirement.typename ?? sentAs, isA)
      continue
    }
    const known = parts.get(requirement.as)
    const below = known?.below && requirement.below ? [...known.below, ...requirement.below] : requirement.below
    parts.set(requirement.as, {
      name: requirement.name,
      head: `${JSON.stringify(requirement.as)}:`,
      constant: requirement.as === '__typename' ? (known?.constant ?? sentAs ?? typename) : null,
      below,
      isInherited: isInherited(requirement.name),
    })
  }
}

function written(it: Thing, parts: readonly Part[], isA: IsA): string | null {
  let text = '{'
  for (const part of parts) {
    const value = part.isInherited ? keyOf(it, part.name) : it[part.name]
    const piece = part.constant !== null ? JSON.stringify(part.constant) : pieceOf(value, part.below, isA)
    if (piece === null) return null
    text += text.length > 1 ? `,${part.head}${piece}` : part.head + piece
  }
  return `${text}}`
}

function pieceOf(value: unknown, below: readonly Requirement[] | null, isA: IsA): string | null {
  if (value === undefined) return null
  if (value === null) return 'null'
  if (typeof value === 'string' || below === null) return JSON.stringify(value)
  if (Array.isArray(value)) return listOf(value, below, isA)
  const it = thing(value)
  return it === null ? null : innerOf(it, below, isA)
}

function listOf(items: readonly unknown[], below: readonly Requirement[], isA: IsA): string | null {
  const pieces: string[] = []
  for (const item of items) {
    const piece = pieceOf(item, below, isA)
    if (piece === null) return null
    pieces.push(piece)
  }
  return `[${pieces.join(',')}]`
}

/** Within a representation fragments are told apart by the type that the object itself names. */
function innerOf(it: Thing, below: readonly Requirement[], isA: IsA): string | null {
  const parts = new Map<string, Part>()
  const typename = it['__typename']
  addParts(parts, below, null, null, (type) => typeof typename !== 'string' || isA(typename, type))
  return written(it, [...parts.values()], isA)
}

/** Are all fields of a key among the parts? */
function holds(parts: ReadonlyMap<string, unknown>, key: SelectionSetNode): boolean {
  return key.selections.every((one) => one.kind !== Kind.FIELD || parts.has(one.name.value))
}

/** Has the object every field of the key, none of them null? */
function isWhole(it: Thing, key: SelectionSetNode): boolean {
  return key.selections.every((one) => {
    if (one.kind !== Kind.FIELD) return true
    const value = keyOf(it, one.name.value)
    if (value === null || value === undefined) return false
    const inner = thing(value)
    return inner === null || !one.selectionSet || isWhole(inner, one.selectionSet)
  })
}

import { Kind, type SelectionSetNode } from 'graphql'
import { jsonText } from '../operation/json-text.js'
import type { Requirement } from '../plan/plan.js'
import type { Supergraph } from '../supergraph/supergraph.js'
import type { IsA } from './targets.js'
import { keyOf, thing, type Thing } from './tree.js'

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
    const batch: Batch = { places: new Map(), texts: [], owners: [], unasked: [] }
    const byKey = new Map<TypeWriter, Map<unknown, number>>()
    for (const target of targets) {
      const writer = this.#writerOf(target)
      if (writer === null) continue
      const single = writer.flat?.single ?? null
      if (single === null) add(batch, target, this.#textOf(target, writer))
      else addSingle(batch, target, writer, single, byKey)
    }
    return batch
  }

  #writerOf(target: Thing): TypeWriter | null {
    const typename = target['__typename']
    if (typeof typename !== 'string') return null
    let writer = this.#byType.get(typename)
    if (writer === undefined) this.#byType.set(typename, (writer = this.#writerFor(typename)))
    return writer
  }

  /** Null when the object cannot be entered there: a part is absent, or there is no key without a null. */
  #textOf(target: Thing, writer: TypeWriter): string | null {
    if (writer.flat !== null) return writtenFlat(target, writer.flat)
    if (writer.keys.length > 0 && !writer.keys.some((key) => isWhole(target, key))) return null
    return written(target, writer.parts, this.#supergraph.isA)
  }

  #writerFor(typename: string): TypeWriter | null {
    const parts = new Map<string, Part>()
    addParts(parts, this.#requires, typename, null, (condition) => this.#supergraph.isA(typename, condition))
    const sentAs = parts.get('__typename')?.constant
    if (sentAs === undefined || sentAs === null) return null // nothing is required of such objects: they are not meant
    const keys = this.#supergraph.joins.keysOf(sentAs, this.#subgraph).filter((key) => holds(parts, key))
    const all = [...parts.values()]
    return { parts: all, keys, flat: flatOf(sentAs, all, keys) }
  }
}

/** Representations while they are being collected. */
interface Batch {
  readonly places: Map<string, number>
  readonly texts: string[]
  readonly owners: Thing[][]
  readonly unasked: Thing[]
}

function add(batch: Batch, target: Thing, text: string | null): number | undefined {
  if (text === null) {
    batch.unasked.push(target)
    return undefined
  }
  const known = batch.places.get(text)
  if (known !== undefined) {
    batch.owners[known]?.push(target)
    return known
  }
  const place = batch.texts.length
  batch.places.set(text, place)
  batch.texts.push(text)
  batch.owners.push([target])
  return place
}

/** Where the key is one value, equal objects are found by it, and nothing is written for them (bench/gateway). */
function addSingle(
  batch: Batch,
  target: Thing,
  writer: TypeWriter,
  { flat, name }: { readonly flat: Flat; readonly name: string },
  byKey: Map<TypeWriter, Map<unknown, number>>,
): void {
  let places = byKey.get(writer)
  if (places === undefined) byKey.set(writer, (places = new Map<unknown, number>()))
  const value = keyOf(target, name)
  const known = places.get(value)
  if (known !== undefined) {
    batch.owners[known]?.push(target)
    return
  }
  const place = add(batch, target, writtenFlat(target, flat))
  if (place !== undefined && typeof value === 'string') places.set(value, place)
}

interface TypeWriter {
  readonly parts: readonly Part[]
  readonly keys: readonly SelectionSetNode[]
  readonly flat: Flat | null
}

/** The common case: one key, and no objects within the representation. */
interface Flat {
  readonly start: string
  readonly leaves: readonly { readonly name: string; readonly head: string; readonly isKey: boolean }[]
  /** Itself, when it has one value only. */
  readonly single: { readonly flat: Flat; readonly name: string } | null
}

function flatOf(typename: string, parts: readonly Part[], keys: readonly SelectionSetNode[]): Flat | null {
  const [key, second] = keys
  const leaves = parts.filter((part) => part.constant === null)
  if (second !== undefined || leaves.some((part) => part.below !== null)) return null
  const inKey = new Set(key?.selections.flatMap((one) => (one.kind === Kind.FIELD ? one.name.value : [])))
  const flat = {
    start: `{"__typename":${JSON.stringify(typename)}`,
    leaves: leaves.map(({ name, head }) => ({ name, head: `,${head}`, isKey: inKey.has(name) })),
    single: null,
  }
  const [only, other] = leaves
  return only === undefined || other !== undefined ? flat : { ...flat, single: { flat, name: only.name } }
}

function writtenFlat(it: Thing, { start, leaves }: Flat): string | null {
  let text = start
  for (const { name, head, isKey } of leaves) {
    const value = keyOf(it, name)
    if (value === undefined || (isKey && value === null)) return null
    text += head + (typeof value === 'string' ? jsonText(value) : JSON.stringify(value))
  }
  return `${text}}`
}

/** One key of a representation. */
interface Part {
  readonly name: string
  readonly head: string
  readonly constant: string | null
  readonly below: readonly Requirement[] | null
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
    })
  }
}

function written(it: Thing, parts: readonly Part[], isA: IsA): string | null {
  let text = '{'
  for (const part of parts) {
    const value = keyOf(it, part.name)
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

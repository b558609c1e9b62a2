import { Kind, type SelectionSetNode } from 'graphql'
import type { Requirement } from '../plan/plan.js'
import type { Supergraph } from '../supergraph/supergraph.js'
import type { IsA } from './targets.js'
import { flatOf, RepresentationList, writtenFlat, type Flat } from './representation-list.js'
import { keyOf, thing, type Thing } from './tree.js'

/** Equal objects are asked for once: each representation, and the objects that it stands for. */
export interface Representations {
  readonly list: RepresentationList
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

  write(targets: readonly Thing[]): Representations {
    const batch: Batch = { places: new Map(), list: new RepresentationList(), owners: [], unasked: [] }
    const byForm = new Map<string, Map<unknown, number>>()
    for (const target of targets) {
      const writer = this.#writerOf(target)
      if (writer === null) continue
      if (writer.flat === null) add(batch, target, this.#textOf(target, writer))
      else addFlat(batch, target, writer.flat, placesOf(byForm, writer.flat))
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
    return { parts: all, keys, flat: flatFor(sentAs, all, keys) }
  }
}

/** Representations while they are being collected. */
interface Batch {
  /** Of those that are told apart by their texts. */
  readonly places: Map<string, number>
  readonly list: RepresentationList
  readonly owners: Thing[][]
  readonly unasked: Thing[]
}

function add(batch: Batch, target: Thing, text: string | null): void {
  if (text === null) {
    batch.unasked.push(target)
    return
  }
  const known = batch.places.get(text)
  if (known !== undefined) {
    batch.owners[known]?.push(target)
    return
  }
  batch.places.set(text, addNew(batch, target, text))
}

function addNew(batch: Batch, target: Thing, made: string | Flat): number {
  batch.owners.push([target])
  return batch.list.add(target, made)
}

/** Two types that are sent under one name with the same values are told apart by nobody. */
function placesOf(byForm: Map<string, Map<unknown, number>>, { form }: Flat): Map<unknown, number> {
  let places = byForm.get(form)
  if (places === undefined) byForm.set(form, (places = new Map<unknown, number>()))
  return places
}

/**
 * Equal objects are found by their first value and compared by the others, and nothing is written for them (bench/gateway). Only those that
 * share their first value without being equal are found by their texts: a table of texts costs as much as writing them (bench:growth).
 */
function addFlat(batch: Batch, target: Thing, flat: Flat, places: Map<unknown, number>): void {
  const { first } = flat
  const value = first === null ? undefined : keyOf(target, first)
  const known = value === undefined ? undefined : places.get(value)
  const owners = known === undefined ? undefined : batch.owners[known]
  if (owners?.[0] !== undefined && areAlike(owners[0], target, flat)) {
    owners.push(target)
    return
  }
  if (!isKnown(target, flat)) batch.unasked.push(target)
  else if (known !== undefined) add(batch, target, writtenFlat(target, flat))
  else places.set(value, addNew(batch, target, flat))
}

/** Nothing of it is absent, and no part of its key is null. */
function isKnown(it: Thing, { leaves }: Flat): boolean {
  for (const { name, isKey } of leaves) {
    const value = keyOf(it, name)
    if (value === undefined || (isKey && value === null)) return false
  }
  return true
}

function areAlike(one: Thing, other: Thing, { leaves }: Flat): boolean {
  for (const { name } of leaves) if (keyOf(one, name) !== keyOf(other, name)) return false
  return true
}

interface TypeWriter {
  readonly parts: readonly Part[]
  readonly keys: readonly SelectionSetNode[]
  readonly flat: Flat | null
}

/** Null where there are several keys, or objects within the representation. */
function flatFor(typename: string, parts: readonly Part[], keys: readonly SelectionSetNode[]): Flat | null {
  const [key, second] = keys
  const leaves = parts.filter((part) => part.constant === null)
  if (second !== undefined || leaves.some((part) => part.below !== null)) return null
  const inKey = new Set(key?.selections.flatMap((one) => (one.kind === Kind.FIELD ? one.name.value : [])))
  return flatOf(
    typename,
    leaves.map(({ name, as }) => ({ name, as, isKey: inKey.has(name) })),
  )
}

/** One key of a representation. */
interface Part {
  readonly name: string
  /** Under which name it is sent. */
  readonly as: string
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
      as: requirement.as,
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

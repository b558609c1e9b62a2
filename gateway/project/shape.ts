import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLOutputType,
  type GraphQLSchema,
} from 'graphql'
import type { Denied } from '../operation/access.js'
import { FIRST, type Deferral } from '../operation/deferrals.js'
import type { InnerNames } from '../operation/inner-names.js'
import type { Operation } from '../operation/read-operation.js'
import type { Switches } from '../operation/switches.js'
import {
  belowOf,
  collectFields,
  fieldNamed,
  isSameForAll,
  type Asked,
  type AskedSet,
  type Collection,
  type PartedForm,
  type ShapeSource,
} from './collect-fields.js'
import { partedBy, type CollectedFields } from './collect-parts.js'

/** A field as the client asked for it, on objects of one type. */
export interface ShapeField {
  /** Its key in the answer. */
  readonly response: string
  /** Its key in the tree. */
  readonly inner: string
  readonly name: string
  readonly parent: GraphQLCompositeType
  readonly type: GraphQLOutputType
  readonly shape: Shape | null
  /** Where the client asked for it. */
  readonly nodes: readonly FieldNode[]
  /** It was not asked for, since whoever asks may not see it. */
  readonly denied: boolean
}

/** What of an object is told later. */
export interface Deferred {
  /** Deferrals that begin at the object, those around others first. */
  readonly begun: readonly Deferral[]
  readonly groups: readonly DeferredGroup[]
}

/** Fields that are told together: with whichever of its deferrals is told first. */
export interface DeferredGroup {
  readonly of: ReadonlySet<Deferral>
  readonly fields: readonly ShapeField[]
}

/** What an object of one type has. */
interface Standing {
  readonly fields: readonly ShapeField[]
  readonly deferred: Deferred | null
}

/** Where a shape stands: at the root or below, and in which part of the answer. */
interface Position {
  readonly isRoot: boolean
  /** The names of the fields that lead there. */
  readonly place: string
  readonly part: ReadonlySet<Deferral>
}

/** A composite place of the answer: which fields an object there has, in the order that the specification asks for. */
export class Shape {
  readonly type: GraphQLCompositeType
  readonly #selectionSets: readonly AskedSet[]
  readonly #source: ShapeSource
  readonly #position: Position
  readonly #byType = new Map<string, Standing | null>()

  constructor(type: GraphQLCompositeType, selectionSets: readonly AskedSet[], source: ShapeSource, position: Position) {
    this.type = type
    this.#selectionSets = selectionSets
    this.#source = source
    this.#position = position
  }

  /** The fields for objects of a type, found at the first object of it; null when no such object can stand here. */
  fieldsFor(typename: string): readonly ShapeField[] | null {
    return this.#standingFor(typename)?.fields ?? null
  }

  /** What objects of a type have that is told later; null when that is nothing. */
  deferredFor(typename: string): Deferred | null {
    return this.#standingFor(typename)?.deferred ?? null
  }

  #standingFor(typename: string): Standing | null {
    const known = this.#byType.get(typename)
    if (known !== undefined) return known
    const type = this.#source.schema.getType(typename)
    const stands = isCompositeType(type) && this.#admits(type) && this.#decides(type) && !this.denies(typename)
    const standing = stands ? this.#standing(type) : null
    this.#byType.set(typename, standing)
    return standing
  }

  /** Whoever asks may not see such an object. */
  denies(typename: string): boolean {
    return !this.#position.isRoot && this.#source.denied?.type(typename) === true
  }

  /** The names of the object types that may stand here. */
  possibleTypes(): readonly string[] {
    if (!isAbstractType(this.type)) return [this.type.name]
    return this.#source.schema.getPossibleTypes(this.type).map(({ name }) => name)
  }

  /** An interface's own name is the type of an object that only an interface object knows of. */
  #admits(type: GraphQLCompositeType): boolean {
    if (type === this.type) return true
    return (
      isAbstractType(this.type) &&
      (isObjectType(type) || isInterfaceType(type)) &&
      this.#source.schema.isSubType(this.type, type)
    )
  }

  /** Of an object that is known by its interface only, it must not matter which type it is. */
  #decides(type: GraphQLCompositeType): boolean {
    return (
      isObjectType(type) ||
      this.#selectionSets.every(({ selectionSet }) => isSameForAll(selectionSet, type, this.#source))
    )
  }

  #standing(type: GraphQLCompositeType): Standing {
    const { parted } = this.#source
    const collection: Collection = {
      into: new Map<string, Asked[]>(),
      type,
      spread: new Set(),
      source: this.#source,
      place: this.#position.place,
      begun: new Set(),
    }
    for (const set of this.#selectionSets) collectFields(collection, set)
    if (parted === null) return { fields: this.#fieldsOf(type, collection.into, FIRST), deferred: null }
    const { part } = this.#position
    const begun = [...collection.begun]
    const isSeen = (one: Asked): boolean => !this.#isDenied(one)
    const { own, groups } = partedBy(collection.into, { own: part, begun, sharing: parted.sharing, isSeen })
    const later = groups.map(({ of, fields }) => ({ of, fields: this.#fieldsOf(type, fields, of) }))
    const deferred = begun.length + later.length > 0 ? { begun, groups: later } : null
    return { fields: this.#fieldsOf(type, own, part), deferred }
  }

  #fieldsOf(
    type: GraphQLCompositeType,
    collected: CollectedFields<Asked>,
    part: ReadonlySet<Deferral>,
  ): readonly ShapeField[] {
    return [...collected].map(([response, asked]) => {
      if (this.#source.denied === null) return this.#fieldOf(type, response, asked, { denied: false, part })
      const seen = asked.filter((one) => !this.#isDenied(one))
      return this.#fieldOf(type, response, seen.length > 0 ? seen : asked, { denied: seen.length === 0, part })
    })
  }

  #isDenied({ node, through }: Asked): boolean {
    return this.#source.denied?.field(through.name, node.name.value) === true
  }

  #fieldOf(
    parent: GraphQLCompositeType,
    response: string,
    asked: readonly Asked[],
    { denied, part }: { readonly denied: boolean; readonly part: ReadonlySet<Deferral> },
  ): ShapeField {
    const { names, isMutation } = this.#source
    const { isRoot, place } = this.#position
    const nodes = asked.map((one) => one.node)
    const [node] = nodes
    const name = node?.name.value ?? ''
    const field = fieldNamed(parent, name)
    if (node === undefined || field === undefined) throw new Error(`${parent.name} has no field ${name}`)
    const inner = isMutation && isRoot ? names.ofMutation(node) : names.of(node)
    const type = getNamedType(field.type)
    const position = { isRoot: false, place: `${place}.${inner}`, part }
    const shape =
      isCompositeType(type) && !name.startsWith('__')
        ? new Shape(type, asked.flatMap(belowOf), this.#source, position)
        : null
    return { response, inner, name, parent, type: field.type, shape, nodes, denied }
  }
}

/** What an asker does not see of a shape, and how it is told in parts; null for neither. */
export interface ShapeLimits {
  readonly denied: Denied | null
  readonly parted: PartedForm | null
}

/** The shape of a whole operation, for one combination of its switches. */
export function shapeOf(
  schema: GraphQLSchema,
  operation: Operation,
  switches: Switches,
  names: InnerNames,
  { denied, parted }: ShapeLimits = { denied: null, parted: null },
): Shape {
  const { fragments, kind, root, definition } = operation
  return new Shape(
    root,
    [{ selectionSet: definition.selectionSet, through: root, within: null }],
    { schema, fragments, switches, names, isMutation: kind === 'mutation', denied, parted },
    { isRoot: true, place: '', part: FIRST },
  )
}

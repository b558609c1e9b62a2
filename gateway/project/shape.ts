import {
  Kind,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLOutputType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql'
import type { InnerNames } from '../operation/inner-names.js'
import type { Operation } from '../operation/read-operation.js'
import { isIncluded, type Switches } from '../operation/switches.js'

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
}

/** What all shapes of one operation share. */
interface Source {
  readonly schema: GraphQLSchema
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  readonly switches: Switches
  readonly names: InnerNames
  readonly isMutation: boolean
}

/** A composite place of the answer: which fields an object there has, in the order that the specification asks for. */
export class Shape {
  readonly type: GraphQLCompositeType
  readonly #selectionSets: readonly SelectionSetNode[]
  readonly #source: Source
  readonly #isRoot: boolean
  readonly #byType = new Map<string, readonly ShapeField[] | null>()

  constructor(type: GraphQLCompositeType, selectionSets: readonly SelectionSetNode[], source: Source, isRoot: boolean) {
    this.type = type
    this.#selectionSets = selectionSets
    this.#source = source
    this.#isRoot = isRoot
  }

  /** The fields for objects of a type, found at the first object of it; null when no such object can stand here. */
  fieldsFor(typename: string): readonly ShapeField[] | null {
    const known = this.#byType.get(typename)
    if (known !== undefined) return known
    const type = this.#source.schema.getType(typename)
    const fields = isCompositeType(type) && this.#admits(type) && this.#decides(type) ? this.#fieldsOf(type) : null
    this.#byType.set(typename, fields)
    return fields
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
    return isObjectType(type) || this.#selectionSets.every((one) => isSameForAll(one, type, this.#source))
  }

  #fieldsOf(type: GraphQLCompositeType): readonly ShapeField[] {
    const collected = new Map<string, FieldNode[]>()
    const spread = new Set<string>()
    for (const selectionSet of this.#selectionSets) collectFields(collected, type, selectionSet, spread, this.#source)
    return [...collected].map(([response, nodes]) => this.#fieldOf(type, response, nodes))
  }

  #fieldOf(parent: GraphQLCompositeType, response: string, nodes: readonly FieldNode[]): ShapeField {
    const { names, isMutation } = this.#source
    const [node] = nodes
    const name = node?.name.value ?? ''
    const field = fieldNamed(parent, name)
    if (node === undefined || field === undefined) throw new Error(`${parent.name} has no field ${name}`)
    const inner = isMutation && this.#isRoot ? names.ofMutation(node) : names.of(node)
    const below = nodes.flatMap((one) => one.selectionSet ?? [])
    const type = getNamedType(field.type)
    const shape = isCompositeType(type) && !name.startsWith('__') ? new Shape(type, below, this.#source, false) : null
    return { response, inner, name, parent, type: field.type, shape, nodes }
  }
}

function fieldNamed(parent: GraphQLCompositeType, name: string): GraphQLField<unknown, unknown> | undefined {
  return META_FIELDS.get(name) ?? ('getFields' in parent ? parent.getFields()[name] : undefined)
}

const META_FIELDS: ReadonlyMap<string, GraphQLField<unknown, unknown>> = new Map(
  [TypeNameMetaFieldDef, SchemaMetaFieldDef, TypeMetaFieldDef].map((field) => [field.name, field]),
)

/** The shape of a whole operation, for one combination of its switches. */
export function shapeOf(schema: GraphQLSchema, operation: Operation, switches: Switches, names: InnerNames): Shape {
  const { fragments, kind, root, definition } = operation
  return new Shape(
    root,
    [definition.selectionSet],
    { schema, fragments, switches, names, isMutation: kind === 'mutation' },
    true,
  )
}

/** GraphQL, "Field Collection". */
function collectFields(
  into: Map<string, FieldNode[]>,
  type: GraphQLCompositeType,
  selectionSet: SelectionSetNode,
  spread: Set<string>,
  source: Source,
): void {
  for (const selection of selectionSet.selections) {
    if (!isIncluded(selection, source.switches)) continue
    if (selection.kind === Kind.FIELD) {
      const response = (selection.alias ?? selection.name).value
      const known = into.get(response)
      if (known === undefined) into.set(response, [selection])
      else known.push(selection)
      continue
    }
    const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : source.fragments.get(selection.name.value)
    if (selection.kind === Kind.FRAGMENT_SPREAD) {
      if (spread.has(selection.name.value)) continue
      spread.add(selection.name.value)
    }
    if (fragment === undefined || !applies(fragment.typeCondition?.name.value, type, source.schema)) continue
    collectFields(into, type, fragment.selectionSet, spread, source)
  }
}

function isSameForAll(selectionSet: SelectionSetNode, type: GraphQLCompositeType, source: Source): boolean {
  return selectionSet.selections.every((selection) => {
    if (selection.kind === Kind.FIELD || !isIncluded(selection, source.switches)) return true
    const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : source.fragments.get(selection.name.value)
    if (fragment === undefined) return true
    return (
      applies(fragment.typeCondition?.name.value, type, source.schema) &&
      isSameForAll(fragment.selectionSet, type, source)
    )
  })
}

function applies(condition: string | undefined, type: GraphQLCompositeType, schema: GraphQLSchema): boolean {
  if (condition === undefined || condition === type.name) return true
  const wanted = schema.getType(condition)
  return isAbstractType(wanted) && (isObjectType(type) || isInterfaceType(type)) && schema.isSubType(wanted, type)
}

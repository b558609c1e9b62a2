/** A random federated graph, as plain facts. From it come each subgraph's SDL, the monolith's SDL, and the resolvers of both. */
export interface Model {
  readonly seed: number
  readonly subgraphs: readonly string[]
  readonly types: ReadonlyMap<string, TypeModel>
  readonly queries: readonly FieldModel[]
  readonly mutations: readonly FieldModel[]
}

export type TypeModel = EntityModel | ValueModel | AbstractModel

/** An entity: where it stands, and by which keys it is entered there. */
export interface EntityModel {
  readonly kind: 'entity'
  readonly name: string
  readonly fields: FieldModel[]
  /** By subgraph: the keys, as field sets. */
  readonly keys: Map<string, string[]>
}

/** A type without a key, known in the subgraphs of `where`: whole, or in part where its fields name their owners. */
export interface ValueModel {
  readonly kind: 'value'
  readonly name: string
  readonly fields: FieldModel[]
  readonly where: Set<string>
}

/** An interface or union; by subgraph the members that it is known to have there. */
export interface AbstractModel {
  readonly kind: 'interface' | 'union'
  readonly name: string
  readonly members: Map<string, string[]>
  /** The fields that an interface has, by subgraph. */
  readonly fields: Map<string, FieldModel[]>
  readonly object: InterfaceObject | null
}

/** The subgraph that knows an interface as an object, and what it adds. */
export interface InterfaceObject {
  readonly subgraph: string
  readonly fields: readonly FieldModel[]
}

export interface TypeRef {
  readonly base: string
  readonly nonNull: boolean
  readonly list: boolean
  /** A list of such lists. */
  readonly rows: boolean
  readonly itemNonNull: boolean
}

export interface FieldModel {
  readonly name: string
  readonly type: TypeRef
  readonly args: readonly ArgumentModel[]
  /** The subgraphs that resolve it. */
  readonly owners: readonly string[]
  /** Does it fail now and then? */
  readonly fails: boolean
  readonly requires: string | null
  readonly overrides: string | null
  readonly isInaccessible: boolean
  /** Does another subgraph provide it somewhere? */
  readonly isProvided: boolean
  /** What its owner provides of the entity that it leads to. */
  readonly provides: string | null
}

export interface ArgumentModel {
  readonly name: string
  readonly type: 'Int' | 'String' | 'Shade' | 'Filter' | '[Int!]' | 'Any'
  readonly fallback: string | null
}

export const SCALARS = ['Int', 'String', 'Boolean', 'Float', 'ID', 'Shade', 'Any'] as const

/** How a type stands in SDL. */
export function typeText({ base, nonNull, list, rows, itemNonNull }: TypeRef): string {
  const item = list ? `[${base}${itemNonNull ? '!' : ''}]` : base
  const all = rows ? `[${item}]` : item
  return nonNull ? `${all}!` : all
}

import {
  print,
  type ArgumentNode,
  type DirectiveNode,
  type FieldNode,
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
} from 'graphql'

/**
 * The names under which an operation's fields stand in our tree and in the questions to subgraphs. They are the schema's
 * own names, or made here for fields with arguments, so that no alias of a client is ever a key of ours: an alias named like
 * a key field, a required field or a member of `Object.prototype` is only text in the answer.
 */
export class InnerNames {
  readonly #taken: ReadonlySet<string>
  readonly #byField = new Map<string, string>()

  constructor(schema: GraphQLSchema) {
    this.#taken = fieldNames(schema)
  }

  /** Equal for equal fields (name, arguments, directives) of one operation, and different for different ones. */
  of(field: FieldNode): string {
    const name = field.name.value
    const directives = ownDirectives(field)
    // Objects asked for twice under two names are two: what makes one of them null must not touch the other.
    const alias = field.selectionSet && field.alias && field.alias.value !== name ? `${field.alias.value}:` : ''
    if (!field.arguments?.length && directives.length === 0 && alias === '') return name
    return this.#numbered(name, `${alias}${name}(${printed(field.arguments)})${printed(directives)}`)
  }

  /** A root field of a mutation runs as often as it stands there, under whatever response name. */
  ofMutation(field: FieldNode): string {
    return this.#numbered(field.name.value, `mutation ${(field.alias ?? field.name).value}`)
  }

  #numbered(name: string, field: string): string {
    const known = this.#byField.get(field)
    if (known !== undefined) return known
    let number = this.#byField.size
    while (this.#taken.has(`a${number}__${name}`)) number += 1_000_000
    const made = `a${number}__${name}`
    this.#byField.set(field, made)
    return made
  }
}

/** The directives of a field that are for whoever resolves it. */
export function ownDirectives(field: FieldNode): readonly DirectiveNode[] {
  return field.directives?.filter(({ name }) => name.value !== 'skip' && name.value !== 'include') ?? []
}

function printed(nodes: readonly (ArgumentNode | DirectiveNode)[] | undefined): string {
  return (nodes ?? []).map(print).sort().join(',')
}

const namesOf = new WeakMap<GraphQLSchema, ReadonlySet<string>>()

function fieldNames(schema: GraphQLSchema): ReadonlySet<string> {
  const known = namesOf.get(schema)
  if (known !== undefined) return known
  const names = new Set<string>()
  for (const type of Object.values(schema.getTypeMap()))
    if (isObjectType(type) || isInterfaceType(type)) for (const name of Object.keys(type.getFields())) names.add(name)
  namesOf.set(schema, names)
  return names
}

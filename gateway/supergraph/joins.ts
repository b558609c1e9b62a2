import { Kind, parse, type ConstDirectiveNode, type ConstValueNode, type SelectionSetNode } from 'graphql'

/** Who owns what, as the `join__` directives of a supergraph tell it. */
export interface Joins {
  /** The subgraphs' names with their addresses. */
  readonly subgraphs: ReadonlyMap<string, string>
  /** The keys by which a type can be entered in a subgraph. */
  keysOf(type: string, subgraph: string): readonly SelectionSetNode[]
  /** The labels of progressive `@override`, each once. */
  readonly overrideLabels: readonly string[]
}

/** Reads the `join__graph`, `join__type` and `join__field` directives. */
export function readJoins(sdl: string): Joins {
  const document = parse(sdl, { noLocation: true })
  const names = new Map<string, string>()
  const subgraphs = new Map<string, string>()
  const keys = new Map<string, SelectionSetNode[]>()
  const labels = new Set<string>()
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.ENUM_TYPE_DEFINITION || definition.name.value !== 'join__Graph') continue
    for (const value of definition.values ?? []) {
      for (const graph of named(value.directives, 'join__graph')) {
        const name = textOf(graph, 'name') ?? value.name.value
        names.set(value.name.value, name)
        subgraphs.set(name, textOf(graph, 'url') ?? '')
      }
    }
  }
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue
    for (const join of named(definition.directives, 'join__type')) readKey(definition.name.value, join, names, keys)
    for (const field of definition.fields ?? [])
      for (const join of named(field.directives, 'join__field')) {
        const label = textOf(join, 'overrideLabel')
        if (label !== null) labels.add(label)
      }
  }
  return {
    subgraphs,
    keysOf: (type, subgraph) => keys.get(`${type} ${subgraph}`) ?? [],
    overrideLabels: [...labels],
  }
}

/** A field set (`id organization { id }`) as a selection set. */
export function readFieldSet(text: string): SelectionSetNode {
  const [operation] = parse(`{${text}}`, { noLocation: true }).definitions
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error(`expected a field set, got ${text}`)
  return operation.selectionSet
}

function readKey(
  type: string,
  join: ConstDirectiveNode,
  names: ReadonlyMap<string, string>,
  keys: Map<string, SelectionSetNode[]>,
): void {
  const key = textOf(join, 'key')
  if (key === null || isFalse(argument(join, 'resolvable'))) return
  const place = `${type} ${names.get(textOf(join, 'graph') ?? '') ?? ''}`
  const known = keys.get(place)
  if (known === undefined) keys.set(place, [readFieldSet(key)])
  else known.push(readFieldSet(key))
}

function named(directives: readonly ConstDirectiveNode[] | undefined, name: string): readonly ConstDirectiveNode[] {
  return directives?.filter((directive) => directive.name.value === name) ?? []
}

function argument(directive: ConstDirectiveNode, name: string): ConstValueNode | undefined {
  return directive.arguments?.find((one) => one.name.value === name)?.value
}

function textOf(directive: ConstDirectiveNode, name: string): string | null {
  const value = argument(directive, name)
  return value?.kind === Kind.STRING || value?.kind === Kind.ENUM ? value.value : null
}

function isFalse(value: ConstValueNode | undefined): boolean {
  return value?.kind === Kind.BOOLEAN && !value.value
}

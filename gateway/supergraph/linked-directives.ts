import type { Directive, Schema } from '@apollo/federation-internals'

/** What bears directives in a supergraph: a type, a field, an argument. */
export interface Marked {
  readonly appliedDirectives: readonly Directive[]
}

/** The arguments of each use of a directive on an element. */
export type Uses = (element: Marked) => readonly Readonly<Record<string, unknown>>[]

/**
 * Finds the uses of a specification's directive, whatever the supergraph calls it: it may be imported, renamed or spelled with its
 * namespace. A directive of that name which no `@link` explains is taken for it too: some composers leave the link out.
 */
export function usesOf(schema: Schema, specification: string, directive: string): Uses | null {
  const feature = schema.coreFeatures?.getByIdentity(`https://specs.apollo.dev/${specification}`)
  const name = feature?.directiveNameInSchema(directive) ?? directive
  const definition = schema.directive(name)
  if (definition === undefined) return null
  if (feature === undefined && schema.coreFeatures?.sourceFeature(definition) !== undefined) return null
  return (element) => element.appliedDirectives.filter((one) => one.name === name).map((one) => one.arguments())
}

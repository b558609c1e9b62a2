import { expect } from 'vitest'
import type { Federated, TestSubgraph } from './federated.js'

/** An object as a resolver gets it: what refers to it, or what the field above gave. */
export type Row = Readonly<Record<string, unknown>>

/** A field of a test's subgraph: a resolver, or simply its value. */
type Field = ((it: Row, args: Row) => unknown) | Value
type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value }

/** A subgraph in few words: values stand for themselves, and what refers to an entity is the entity. */
export function part(sdl: string, types: Readonly<Record<string, Readonly<Record<string, Field>>>> = {}): TestSubgraph {
  const resolvers: Record<string, Record<string, unknown>> = {}
  for (const [type, fields] of Object.entries(types))
    resolvers[type] = Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, resolverOf(field)]))
  for (const [, type = ''] of sdl.matchAll(/type (\w+)[^{]*@key/g))
    resolvers[type] = { __resolveReference: (reference: Row) => reference, ...resolvers[type] }
  return { sdl, resolvers }
}

function resolverOf(field: Field): unknown {
  return typeof field === 'function' ? field : () => field
}

/** The data of an answer that has no errors. */
export async function dataOf(
  graph: Federated,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<unknown> {
  const { data, errors } = await graph.ask(query, variables)
  expect(errors).toBeUndefined()
  return data
}

/** The data, and the path and code of each error. */
export async function told(
  graph: Federated,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<readonly [unknown, readonly string[]]> {
  const { data, errors } = await graph.ask(query, variables)
  return [data, (errors ?? []).map(({ path, extensions }) => `${(path ?? []).join('.')} ${extensions.code}`)]
}

/** The subgraphs that were asked, in order. */
export function asked(graph: Federated): readonly string[] {
  return graph.sent.map(({ subgraph }) => subgraph)
}

/** The representations of the one entity fetch to that subgraph. */
export function sentTo(graph: Federated, subgraph: string): unknown {
  return graph.sent.find((one) => one.subgraph === subgraph && 'representations' in one.variables)?.variables[
    'representations'
  ]
}

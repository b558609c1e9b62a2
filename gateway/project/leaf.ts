import { isEnumType, type GraphQLEnumType, type GraphQLLeafType } from 'graphql'
import { jsonText } from '../operation/json-text.js'

/** Writes a scalar or an enum value as JSON; null for what is no value of its type. */
export type LeafWriter = (value: unknown) => string | null

/** GraphQL, "Scalars" and "Enums", "Result Coercion"; a scalar of one's own is whatever JSON the subgraph gave. */
export function leafWriter(type: GraphQLLeafType): LeafWriter {
  if (!isEnumType(type)) return BUILT_IN.get(type.name) ?? anyJson
  const known = enumWriters.get(type)
  if (known !== undefined) return known
  const made = enumWriter(type)
  enumWriters.set(type, made)
  return made
}

const enumWriters = new WeakMap<GraphQLEnumType, LeafWriter>()

const BUILT_IN: ReadonlyMap<string, LeafWriter> = new Map([
  ['String', (value: unknown) => (typeof value === 'string' ? jsonText(value) : null)],
  ['Boolean', (value: unknown) => (typeof value === 'boolean' ? String(value) : null)],
  ['Float', (value: unknown) => (typeof value === 'number' && Number.isFinite(value) ? JSON.stringify(value) : null)],
  ['Int', (value: unknown) => (isInt(value) ? JSON.stringify(value) : null)],
  ['ID', idText],
])

function isInt(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= -2_147_483_648 && value <= 2_147_483_647
}

function idText(value: unknown): string | null {
  if (typeof value === 'string') return JSON.stringify(value)
  return typeof value === 'number' && Number.isInteger(value) ? `"${value}"` : null
}

function anyJson(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value)
}

function enumWriter(type: GraphQLEnumType): LeafWriter {
  const texts = new Map<unknown, string>(type.getValues().map(({ name }) => [name, JSON.stringify(name)]))
  return (value) => texts.get(value) ?? null
}

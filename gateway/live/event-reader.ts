import {
  getNamedType,
  isAbstractType,
  isObjectType,
  Kind,
  parse,
  type GraphQLNamedType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql'
import type { Engine, PlannedSubscription } from '../engine.js'
import type { SubgraphAnswer } from '../fetch/ask-subgraph.js'
import type { ConflateRule } from '../supergraph/live-rules.js'
import type { Resume } from './live-question.js'

/** Finds in an upstream's events what the live part must know of them, under the keys by which the upstream was asked. */
export interface EventReader {
  /** The event's cursor; null when it has none, or the operation does not ask for it. */
  cursorOf(event: SubgraphAnswer): string | null
  /** The same event with another cursor. */
  withCursor(event: SubgraphAnswer, cursor: string): SubgraphAnswer
  /** What the event may be replaced by; null when it must arrive. */
  replaceable(event: SubgraphAnswer): Replaceable | null
  /** Whether it tells that events are missing. */
  isGap(event: SubgraphAnswer): boolean
  /** Whether any event can be replaced at all. */
  readonly conflates: boolean
}

/** Events with equal keys replace each other. */
export interface Replaceable {
  readonly key: string
  readonly everyMs: number
}

type Path = readonly string[]

interface Known {
  readonly cursorKeys: readonly string[]
  readonly paths: readonly Path[] | null
  readonly rule: ConflateRule | null
}

/** The reader of one plan's events. */
export function eventReader(
  { schema, live }: Engine,
  { upstream, root }: PlannedSubscription,
  resume: Resume | null,
): EventReader {
  const [operation] = parse(upstream.query, { noLocation: true }).definitions
  const selected = operation?.kind === Kind.OPERATION_DEFINITION ? operation.selectionSet.selections[0] : undefined
  const rootKey = selected?.kind === Kind.FIELD ? (selected.alias ?? selected.name).value : root.field
  const selection = (selected?.kind === Kind.FIELD ? selected.selectionSet : undefined) ?? NOTHING
  const subscription = schema.getSubscriptionType()
  const type = subscription?.getFields()[root.field]?.type
  const only = type && getNamedType(type)
  const place = `${subscription?.name ?? ''}.${root.field}`
  const byType = new Map<string, Known>()

  function known(name: string): Known {
    let found = byType.get(name)
    if (found === undefined) byType.set(name, (found = look(name)))
    return found
  }

  function look(name: string): Known {
    const rule = live.conflate.get(name) ?? live.conflate.get(place) ?? null
    const paths = rule === null ? null : rule.key === null ? [] : pathsIn(rule.key, selection, name)
    return { cursorKeys: resume === null ? [] : keysIn(selection, resume.cursor, name), paths, rule }
  }

  function pathsIn(key: SelectionSetNode, set: SelectionSetNode, name: string): readonly Path[] | null {
    const paths: Path[] = []
    for (const one of key.selections) {
      if (one.kind !== Kind.FIELD) return null
      const field = fieldIn(set, one.name.value, name)
      if (field === null) return null
      if (one.selectionSet === undefined) paths.push([field.key])
      else {
        const inner = pathsIn(one.selectionSet, field.set ?? NOTHING, typeAt(schema, name, one.name.value))
        if (inner === null) return null
        paths.push(...inner.map((path) => [field.key, ...path]))
      }
    }
    return paths
  }

  function fieldIn(set: SelectionSetNode, field: string, name: string): Selected | null {
    return fieldsIn(set, field, name)[0] ?? null
  }

  function keysIn(set: SelectionSetNode, field: string, name: string): readonly string[] {
    return [...new Set(fieldsIn(set, field, name).map(({ key }) => key))]
  }

  function fieldsIn(set: SelectionSetNode, field: string, name: string): readonly Selected[] {
    return set.selections.flatMap((one): readonly Selected[] => {
      if (one.kind === Kind.FIELD)
        return one.name.value === field ? [{ key: (one.alias ?? one.name).value, set: one.selectionSet }] : []
      if (one.kind === Kind.FRAGMENT_SPREAD) return []
      const condition = one.typeCondition?.name.value
      return condition === undefined || fits(schema, name, condition) ? fieldsIn(one.selectionSet, field, name) : []
    })
  }

  function eventIn(answer: SubgraphAnswer): Readonly<Record<string, unknown>> | null {
    return record(record(answer.data)?.[rootKey])
  }

  function nameOf(event: Readonly<Record<string, unknown>>): string {
    if (isObjectType(only)) return only.name
    return typeof event['__typename'] === 'string' ? event['__typename'] : ''
  }

  return {
    conflates: canConflate(schema, only, live.conflate, place),
    cursorOf(answer) {
      const event = eventIn(answer)
      if (event === null) return null
      for (const key of known(nameOf(event)).cursorKeys) if (typeof event[key] === 'string') return event[key]
      return null
    },
    withCursor(answer, cursor) {
      const event = eventIn(answer)
      if (event === null) return answer
      const cursors = Object.fromEntries(known(nameOf(event)).cursorKeys.map((key) => [key, cursor]))
      return { ...answer, data: { ...record(answer.data), [rootKey]: { ...event, ...cursors } } }
    },
    replaceable(answer) {
      const event = eventIn(answer)
      if (event === null || answer.errors !== undefined) return null
      const name = nameOf(event)
      const { rule, paths } = known(name)
      if (rule === null || paths === null) return null
      return { key: JSON.stringify([name, ...paths.map((path) => at(event, path))]), everyMs: 1000 / rule.maxPerSecond }
    },
    isGap(answer) {
      const event = eventIn(answer)
      return event !== null && resume?.gap === nameOf(event)
    },
  }
}

interface Selected {
  readonly key: string
  readonly set: SelectionSetNode | undefined
}

const NOTHING: SelectionSetNode = { kind: Kind.SELECTION_SET, selections: [] }

function canConflate(
  schema: GraphQLSchema,
  type: GraphQLNamedType | undefined,
  rules: ReadonlyMap<string, ConflateRule>,
  place: string,
): boolean {
  if (rules.has(place)) return true
  if (isAbstractType(type)) return schema.getPossibleTypes(type).some(({ name }) => rules.has(name))
  return type !== undefined && rules.has(type.name)
}

/** A type whose name is not known is everything: what may be read under a key is then read there. */
function fits(schema: GraphQLSchema, name: string, condition: string): boolean {
  if (name === '' || name === condition) return true
  const [type, abstract] = [schema.getType(name), schema.getType(condition)]
  return isAbstractType(abstract) && isObjectType(type) && schema.isSubType(abstract, type)
}

function typeAt(schema: GraphQLSchema, parent: string, field: string): string {
  const type = schema.getType(parent)
  const found = isObjectType(type) ? type.getFields()[field]?.type : undefined
  return found === undefined ? '' : getNamedType(found).name
}

function at(event: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, key) => record(inner)?.[key], event) ?? null
}

function record(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>) // an object of a decoded answer
    : null
}

import {
  Kind,
  getNamedType,
  isAbstractType,
  isCompositeType,
  type GraphQLCompositeType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql'
import type { Identity } from '../../schema/identity.js'
import type { AccessRequirement, AccessRules, Needed } from '../supergraph/access-rules.js'
import type { Grants } from './grants.js'
import type { Operation } from './read-operation.js'

/** What somebody may not see. */
export interface Denied {
  field(type: string, field: string): boolean
  /** Objects of the type are not shown wherever they stand. */
  type(name: string): boolean
}

/** The answer of authorisation to one operation of one asker. */
export interface Access {
  /** Which requirements the operation depends on, and which of them hold: equal keys see equally. Empty when it depends on none. */
  readonly key: string
  /** All who have an equal key are told the same also by subgraphs that do not hear who asks. */
  readonly alike: boolean
  /** Null when all may be seen. */
  readonly denied: Denied | null
  /** The numbers of those requirements that do not hold: what is denied follows from them. */
  readonly failed: readonly number[]
}

/** Gives the access of whoever asks. */
export type AccessOf = (operation: Operation, who: Identity) => Access

/** An operation that touches nothing protected. */
export const OPEN_ACCESS: Access = { key: '', alike: true, denied: null, failed: [] }

/** An operation that touches something protected, where it is left to the subgraphs to look who asks. */
const LEFT_ACCESS: Access = { key: 'left', alike: false, denied: null, failed: [] }

/** Combinations of answers that are remembered for one operation. */
const MOST_REMEMBERED = 100

/** Reads once per operation which requirements it depends on; a request only asks which of these hold. */
export function accessBy(schema: GraphQLSchema, rules: AccessRules, grants: Grants): AccessOf {
  const read = new WeakMap<Operation, (who: Identity) => Access>()
  return (operation, who) => {
    let access = read.get(operation)
    if (access === undefined) read.set(operation, (access = accessTo(schema, operation, rules, grants)))
    return access(who)
  }
}

/** Denies nothing: only tells apart what is protected. */
export function accessLeft(schema: GraphQLSchema, rules: AccessRules): AccessOf {
  const read = new WeakMap<Operation, Access>()
  return (operation) => {
    let access = read.get(operation)
    if (access !== undefined) return access
    access = touchedBy(schema, operation, rules).size === 0 ? OPEN_ACCESS : LEFT_ACCESS
    read.set(operation, access)
    return access
  }
}

function accessTo(
  schema: GraphQLSchema,
  operation: Operation,
  rules: AccessRules,
  grants: Grants,
): (who: Identity) => Access {
  const touched = [...touchedBy(schema, operation, rules)].flatMap((number) => {
    const requirement = rules.requirements[number]
    return requirement === undefined ? [] : [{ number, requirement }]
  })
  if (touched.length === 0) return () => OPEN_ACCESS
  const alike = rules.looking === null || touchedBy(schema, operation, rules.looking).size === 0
  const known = new Map<string, Access>()
  return (who) => {
    let bits = ''
    for (const { requirement } of touched) bits += grants(requirement, who) ? '+' : '-'
    let access = known.get(bits)
    if (access !== undefined) return access
    access = { ...accessFor(bits, touched, rules), alike }
    if (known.size >= MOST_REMEMBERED) known.clear()
    known.set(bits, access)
    return access
  }
}

interface Touched {
  readonly number: number
  readonly requirement: AccessRequirement
}

/** The key spells the requirements out, so that it also means the same under another supergraph. */
function accessFor(bits: string, touched: readonly Touched[], rules: AccessRules): Omit<Access, 'alike'> {
  const key = JSON.stringify(touched.map(({ requirement }, at) => [bits[at], requirement]))
  const failed = touched.flatMap(({ number }, at) => (bits[at] === '-' ? number : []))
  return { key, denied: deniedBy(rules, failed), failed }
}

/** What may not be seen when requirements of these numbers do not hold. */
export function deniedBy(rules: AccessRules, failed: readonly number[]): Denied | null {
  if (failed.length === 0) return null
  const isDenied = (needed: Needed): boolean => failed.some((number) => needed.has(number))
  return {
    field: (type, field) => isDenied(rules.field(type, field)),
    type: (name) => isDenied(rules.type(name)),
  }
}

/** Every requirement that a selection of the operation could depend on; each fragment is walked once. */
function touchedBy(schema: GraphQLSchema, { root, definition, fragments }: Operation, rules: AccessRules): Set<number> {
  const touched = new Set<number>()
  const spread = new Set<string>()
  const add = (needed: Needed): void => {
    for (const number of needed) touched.add(number)
  }
  const walk = (type: GraphQLCompositeType, { selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        const name = selection.name.value
        const field = 'getFields' in type ? type.getFields()[name] : undefined
        if (field === undefined) continue
        add(rules.field(type.name, name))
        const inner = getNamedType(field.type)
        if (isAbstractType(inner)) for (const member of schema.getPossibleTypes(inner)) add(rules.type(member.name))
        if (isCompositeType(inner) && selection.selectionSet) walk(inner, selection.selectionSet)
        continue
      }
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        if (spread.has(selection.name.value)) continue
        spread.add(selection.name.value)
      }
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value)
      const condition = fragment?.typeCondition && schema.getType(fragment.typeCondition.name.value)
      if (fragment) walk(isCompositeType(condition) ? condition : type, fragment.selectionSet)
    }
  }
  walk(root, definition.selectionSet)
  return touched
}

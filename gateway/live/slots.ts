import {
  getNullableType,
  isAbstractType,
  isLeafType,
  isObjectType,
  Kind,
  print,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql'
import type { GraphRequest } from '../engine.js'
import { leafWriter, type LeafWriter } from '../project/leaf.js'
import type { LiveRules } from '../supergraph/live-rules.js'
import type { SlotRule } from '../supergraph/slot-rules.js'

/** A field that depends on the viewer alone, at one place of the client's document. */
export interface Slot {
  /** Its key in the answer. */
  readonly response: string
  /** Its name as `Type.field`. */
  readonly field: string
  readonly rule: SlotRule
  readonly write: LeafWriter
}

/** A subscription with its slots left out: where one was, the shared answer tells which object it is of. */
export interface Slotted {
  readonly document: DocumentNode
  readonly text: string
  readonly slots: readonly Slot[]
  /** Followed by a slot's number, the key under which its object's id stands. It is not known outside of this process. */
  readonly mark: string
}

/** `rank` -> `mark0: id`, at each slot. Null where there is none, or where one stands at a place that cannot be left out. */
export function slotted(
  schema: GraphQLSchema,
  document: DocumentNode,
  { rules, mark }: { readonly rules: LiveRules['slots']; readonly mark: string },
): Slotted | null {
  if (rules.size === 0) return null
  const types = new TypeInfo(schema)
  const slots: Slot[] = []
  const unfit: string[] = []
  const enter = (node: FieldNode): FieldNode | undefined => {
    const parent = types.getParentType()
    const isSlotOf = ({ name }: GraphQLObjectType): boolean => rules.has(`${name}.${node.name.value}`)
    if (isAbstractType(parent) && schema.getPossibleTypes(parent).some(isSlotOf)) unfit.push(node.name.value)
    if (!isObjectType(parent)) return undefined
    const slot = slotAt(parent, node, rules)
    if (slot === undefined) return undefined
    if (slot === null) {
      unfit.push(node.name.value)
      return undefined
    }
    return { ...node, name: named('id'), alias: named(`${mark}${numberOf(slot, slots)}`) }
  }
  const without = visit(document, visitWithTypeInfo(types, { Field: { enter } }))
  if (unfit.length > 0 || slots.length === 0) return null
  return { document: without, text: print(without), slots, mark }
}

/** The same question without its slots. */
export function withoutSlots({ operationName, variables, context }: GraphRequest, { text }: Slotted): GraphRequest {
  return { text, operationName, variables, context }
}

/** Whether the slots are what they were under other rules, too. */
export function stillSlots({ slots }: Slotted, rules: LiveRules['slots']): boolean {
  return slots.every(({ field, rule }) => {
    const now = rules.get(field)
    return now?.subgraph === rule.subgraph && now.field === rule.field
  })
}

/** Undefined for other fields; null for one that cannot be a slot: it must be a nullable leaf without arguments, of a type with an `id`. */
function slotAt(
  parent: GraphQLObjectType,
  { name, alias, arguments: given = [] }: FieldNode,
  rules: LiveRules['slots'],
): Slot | null | undefined {
  const field = `${parent.name}.${name.value}`
  const rule = rules.get(field)
  if (rule === undefined) return undefined
  const type = parent.getFields()[name.value]?.type
  if (!isLeafType(type) || given.length > 0) return null
  const key = parent.getFields()['id']
  if (key === undefined || String(getNullableType(key.type)) !== 'ID') return null
  return { response: (alias ?? name).value, field, rule, write: leafWriter(type) }
}

/** One response name of one type is one slot, however often it is selected. */
function numberOf(slot: Slot, slots: Slot[]): number {
  const known = slots.findIndex(({ response, field }) => response === slot.response && field === slot.field)
  return known === -1 ? slots.push(slot) - 1 : known
}

function named(value: string): FieldNode['name'] {
  return { kind: Kind.NAME, value }
}

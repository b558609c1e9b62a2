import {
  Kind,
  OperationTypeNode,
  parse,
  type ConstDirectiveNode,
  type ConstValueNode,
  type DocumentNode,
  type SelectionSetNode,
} from 'graphql'
import { readFieldSet } from './joins.js'
import { readSlotRules, type SlotRule } from './slot-rules.js'

/** What a supergraph says of its live fields by `@live`. Fields are named as `Type.field`, types by their name. */
export interface LiveRules {
  /** Subscription fields that tell everybody the same. */
  readonly shared: ReadonlySet<string>
  /** Types and fields that tell the same to all who may see them: their subgraph does not look who asks. */
  readonly alike: ReadonlySet<string>
  /** Types and fields that depend on who asks. */
  readonly personal: ReadonlySet<string>
  /** By `Type.field`: those of the personal fields that depend on the viewer alone, and are asked for many of them at once. */
  readonly slots: ReadonlyMap<string, SlotRule>
  /** By the name of a subscription field: how its viewers go on from a cursor. */
  readonly resume: ReadonlyMap<string, ResumeRule>
  /** By an event's type: which of its events replace each other. */
  readonly conflate: ReadonlyMap<string, ConflateRule>
}

/** A field that goes on from a cursor. */
export interface ResumeRule {
  /** The argument that takes the cursor of the last event that was heard. */
  readonly argument: string
  /** The field of an event that holds its cursor. Cursors sort: as numbers where they are digits, else as texts. */
  readonly cursor: string
  /** The type of the event that says that events are missing; null where there is none. */
  readonly gap: string | null
}

/** Events of which only the newest counts. */
export interface ConflateRule {
  /** The fields by which it is told which events replace each other; null when all of the type do. */
  readonly key: SelectionSetNode | null
  /** How often one key is told at most. */
  readonly maxPerSecond: number
}

/** Whatever its host, the specification is known by the end of its address. */
const SPECIFICATION = /\/live\/v1\.\d+$/

/** Reads `@live` under the name that the supergraph gives it; without a link to its specification nothing is said. */
export function readLiveRules(sdl: string): LiveRules {
  const document = parse(sdl, { noLocation: true })
  const name = nameIn(document)
  const [shared, alike, personal] = [new Set<string>(), new Set<string>(), new Set<string>()]
  const rules = { shared, alike, personal, resume: new Map<string, ResumeRule>() }
  const conflate = new Map<string, ConflateRule>()
  if (name === null) return { ...rules, conflate, slots: new Map() }
  const slots = readSlotRules(document, name)
  const subscription = subscriptionIn(document)
  for (const type of document.definitions) {
    if (type.kind !== Kind.OBJECT_TYPE_DEFINITION && type.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue
    for (const live of applied(type.directives, name)) {
      if (says(live, 'personal')) personal.add(type.name.value)
      if (says(live, 'shared')) alike.add(type.name.value)
      readConflate(conflate, type.name.value, live)
    }
    for (const field of type.fields ?? [])
      for (const live of applied(field.directives, name)) {
        if (says(live, 'personal') || textOf(live, 'viewer') !== null)
          personal.add(`${type.name.value}.${field.name.value}`)
        if (says(live, 'shared')) alike.add(`${type.name.value}.${field.name.value}`)
        if (type.name.value !== subscription) continue
        if (says(live, 'shared')) shared.add(field.name.value)
        readConflate(conflate, `${subscription}.${field.name.value}`, live)
        const [cursor, argument] = [textOf(live, 'cursor'), textOf(live, 'resume')]
        if (cursor !== null && argument !== null)
          rules.resume.set(field.name.value, { argument, cursor, gap: textOf(live, 'gap') })
      }
  }
  return { ...rules, conflate, slots }
}

function readConflate(rules: Map<string, ConflateRule>, place: string, live: ConstDirectiveNode): void {
  const maxPerSecond = numberOf(live, 'maxPerSecond')
  if (maxPerSecond === null || maxPerSecond <= 0) return
  const key = textOf(live, 'conflate') ?? ''
  rules.set(place, { key: key.trim() === '' ? null : readFieldSet(key), maxPerSecond })
}

/** The directive's name in this supergraph: imported under one of its own, or behind the specification's. */
function nameIn(document: DocumentNode): string | null {
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.SCHEMA_DEFINITION && definition.kind !== Kind.SCHEMA_EXTENSION) continue
    for (const link of applied(definition.directives, 'link')) {
      if (!SPECIFICATION.test(textOf(link, 'url') ?? '')) continue
      const imports = argument(link, 'import')
      for (const one of imports?.kind === Kind.LIST ? imports.values : []) {
        if (one.kind === Kind.STRING && one.value === '@live') return 'live'
        const renamed = one.kind === Kind.OBJECT ? renaming(one.fields) : null
        if (renamed !== null) return renamed
      }
      return textOf(link, 'as') ?? 'live' // a directive that bears its specification's own name needs no prefix
    }
  }
  return null
}

function renaming(
  fields: readonly { readonly name: { readonly value: string }; readonly value: ConstValueNode }[],
): string | null {
  const text = (name: string): string | null => {
    const value = fields.find((field) => field.name.value === name)?.value
    return value?.kind === Kind.STRING ? value.value : null
  }
  return text('name') === '@live' ? (text('as')?.replace(/^@/, '') ?? null) : null
}

function subscriptionIn(document: DocumentNode): string {
  for (const definition of document.definitions)
    if (definition.kind === Kind.SCHEMA_DEFINITION)
      for (const { operation, type } of definition.operationTypes)
        if (operation === OperationTypeNode.SUBSCRIPTION) return type.name.value
  return 'Subscription'
}

function applied(directives: readonly ConstDirectiveNode[] | undefined, name: string): readonly ConstDirectiveNode[] {
  return directives?.filter((directive) => directive.name.value === name) ?? []
}

function argument(directive: ConstDirectiveNode, name: string): ConstValueNode | undefined {
  return directive.arguments?.find((one) => one.name.value === name)?.value
}

function says(directive: ConstDirectiveNode, name: string): boolean {
  const value = argument(directive, name)
  return value?.kind === Kind.BOOLEAN && value.value
}

function textOf(directive: ConstDirectiveNode, name: string): string | null {
  const value = argument(directive, name)
  return value?.kind === Kind.STRING ? value.value : null
}

function numberOf(directive: ConstDirectiveNode, name: string): number | null {
  const value = argument(directive, name)
  return value?.kind === Kind.INT || value?.kind === Kind.FLOAT ? Number(value.value) : null
}

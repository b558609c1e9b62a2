import {
  isAbstractType,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
} from 'graphql'
import type { Engine } from '../engine.js'
import type { LiveRules, ResumeRule } from '../supergraph/live-rules.js'
import { slotted, type Slotted } from './slots.js'

/** What is said of live fields by whoever runs the gateway, beside what the supergraph says of them by `@live`. */
export interface LiveSettings {
  /** Subscription fields that tell everybody the same: they are asked in nobody's name, so that all who watch are one group. And protected fields (`Board.notes`) that tell the same to all who may see them. */
  readonly shared: readonly string[]
  /** Types (`Order`) and fields (`Board.me`) that depend on who asks: an operation that touches one is asked in its asker's name. */
  readonly personal: readonly string[]
  /** Fields that go on from a cursor, each as `liveEvents(after): cursor`. */
  readonly resume: readonly string[]
  /** Events that a group keeps for viewers who come back, and the most bytes of them. */
  readonly historyEvents: number
  readonly historyBytes: number
  /** For how long it keeps them. */
  readonly historyMs: number
}

/** What one subscription is to the live part. */
export interface LiveQuestion {
  /** Nothing in it depends on who asks. */
  readonly shared: boolean
  /** Something in it is said to depend on who asks, on the viewer alone or on more of him. */
  readonly personal: boolean
  /** What depends on the viewer alone, left out of what is shared; null where nothing does. */
  readonly slots: Slotted | null
  readonly resume: Resume | null
}

/** How a subscription goes on where its viewer left. */
export interface Resume {
  /** The variable that brings the cursor; null when this document brings none. */
  readonly variable: string | null
  /** The field of an event that holds its cursor, and the type of those that tell of a gap. */
  readonly cursor: string
  readonly gap: string | null
}

const PLAIN: LiveQuestion = { shared: false, personal: true, slots: null, resume: null }

/** Reads a subscription once for each document and engine; settings add to what the supergraph says. `mark` is known to this process alone. */
export function liveQuestions(
  settings: LiveSettings,
  mark: string,
): (engine: Engine, document: DocumentNode) => LiveQuestion {
  const known = new WeakMap<DocumentNode, { readonly engine: Engine; readonly question: LiveQuestion }>()
  const ruled = new WeakMap<Engine, Rules>()
  return (engine, document) => {
    const remembered = known.get(document)
    if (remembered?.engine === engine) return remembered.question
    const rules = ruled.get(engine) ?? rulesOf(engine, settings)
    ruled.set(engine, rules)
    const question = read(engine.schema, document, { ...rules, mark })
    known.set(document, { engine, question })
    return question
  }
}

type Rules = Pick<LiveRules, 'shared' | 'personal' | 'slots' | 'resume'>

function rulesOf({ live }: Engine, settings: LiveSettings): Rules {
  return {
    shared: new Set([...live.shared, ...settings.shared]),
    personal: new Set([...live.personal, ...settings.personal]),
    slots: live.slots,
    resume: new Map([...live.resume, ...settings.resume.map(readResume)]),
  }
}

function read(
  schema: GraphQLSchema,
  document: DocumentNode,
  { shared, personal, slots: rules, resume, mark }: Rules & { readonly mark: string },
): LiveQuestion {
  const root = onlyRoot(document)
  if (root === null) return PLAIN
  const rule = resume.get(root.name.value)
  const isShared = shared.has(root.name.value)
  const slots = isShared ? slotted(schema, document, { rules, mark }) : null
  return {
    shared: isShared && !touches(schema, slots?.document ?? document, personal),
    personal: touches(schema, document, new Set([...personal, ...rules.keys()])),
    slots,
    resume: rule === undefined ? null : resumeOf(root, document, rule),
  }
}

function readResume(text: string): readonly [string, ResumeRule] {
  const [, field = '', argument = '', cursor = ''] = /^(\w+)\((\w+)\): (\w+)$/.exec(text) ?? []
  return [field, { argument, cursor, gap: null }]
}

/** The root field of a document with one operation; only such are looked into. */
function onlyRoot(document: DocumentNode): FieldNode | null {
  const operations = document.definitions.filter((one) => one.kind === Kind.OPERATION_DEFINITION)
  const [root] = operations[0]?.selectionSet.selections ?? []
  return operations.length === 1 && root?.kind === Kind.FIELD ? root : null
}

/** Whether any selection is of a listed type or field; through an interface, of any type behind it. */
function touches(schema: GraphQLSchema, document: DocumentNode, listed: ReadonlySet<string>): boolean {
  const types = new TypeInfo(schema)
  let found = false
  const enter = ({ name }: FieldNode): void => {
    const parent = types.getParentType()
    if (!parent) return
    const owners = isAbstractType(parent) ? [parent, ...schema.getPossibleTypes(parent)] : [parent]
    found ||= owners.some((owner) => listed.has(owner.name) || listed.has(`${owner.name}.${name.value}`))
  }
  visit(document, visitWithTypeInfo(types, { Field: { enter } }))
  return found
}

function resumeOf(root: FieldNode, document: DocumentNode, { argument, cursor, gap }: ResumeRule): Resume | null {
  const value = root.arguments?.find(({ name }) => name.value === argument)?.value
  if (value !== undefined && value.kind !== Kind.VARIABLE) return null // a cursor in the text makes it a question of its own
  const asked = new Set<string>()
  visit(document, { Field: { enter: ({ name }: FieldNode) => void asked.add(name.value) } })
  if (!asked.has(cursor)) return null
  return { variable: value?.name.value ?? null, cursor, gap }
}

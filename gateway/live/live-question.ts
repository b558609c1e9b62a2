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

/** What the schema cannot say of its live fields, and whoever runs the gateway therefore does. */
export interface LiveSettings {
  /** Subscription fields that tell everybody the same: they are asked in nobody's name, so that all who watch are one group. */
  readonly shared: readonly string[]
  /** Types (`Order`) and fields (`Board.me`) that depend on who asks: an operation that touches one is asked in its asker's name. */
  readonly personal: readonly string[]
  /** Fields that go on from a cursor, each as `liveEvents(after): cursor`. */
  readonly resume: readonly string[]
  /** Events that a group keeps for viewers who come back, and the most bytes of them. */
  readonly historyEvents: number
  readonly historyBytes: number
}

/** What one subscription is to the live part. */
export interface LiveQuestion {
  /** Nothing in it depends on who asks. */
  readonly shared: boolean
  readonly resume: Resume | null
}

/** How a subscription goes on where its viewer left. */
export interface Resume {
  /** The variable that brings the cursor; null when this document brings none. */
  readonly variable: string | null
  /** The root field's key in an answer, and the keys under which the cursor may stand in it. */
  readonly rootKey: string
  readonly cursorKeys: readonly string[]
}

const PLAIN: LiveQuestion = { shared: false, resume: null }

/** Reads a subscription once for each document and schema. */
export function liveQuestions(settings: LiveSettings): (schema: GraphQLSchema, document: DocumentNode) => LiveQuestion {
  const known = new WeakMap<DocumentNode, { readonly schema: GraphQLSchema; readonly question: LiveQuestion }>()
  const resumes = new Map(settings.resume.map(readResume))
  return (schema, document) => {
    const remembered = known.get(document)
    if (remembered?.schema === schema) return remembered.question
    const question = read(schema, document)
    known.set(document, { schema, question })
    return question
  }

  function read(schema: GraphQLSchema, document: DocumentNode): LiveQuestion {
    const root = onlyRoot(document)
    if (root === null) return PLAIN
    const shared = settings.shared.includes(root.name.value) && !touches(schema, document, new Set(settings.personal))
    const form = resumes.get(root.name.value)
    return { shared, resume: form === undefined ? null : resumeOf(root, document, form) }
  }
}

interface ResumeForm {
  readonly argument: string
  readonly cursor: string
}

function readResume(text: string): readonly [string, ResumeForm] {
  const [, field = '', argument = '', cursor = ''] = /^(\w+)\((\w+)\): (\w+)$/.exec(text) ?? []
  return [field, { argument, cursor }]
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

function resumeOf(root: FieldNode, document: DocumentNode, { argument, cursor }: ResumeForm): Resume | null {
  const value = root.arguments?.find(({ name }) => name.value === argument)?.value
  if (value !== undefined && value.kind !== Kind.VARIABLE) return null // a cursor in the text makes it a question of its own
  const cursorKeys = new Set<string>()
  const enter = ({ name, alias }: FieldNode): void => {
    if (name.value === cursor) cursorKeys.add((alias ?? name).value)
  }
  visit(document, { Field: { enter } })
  if (cursorKeys.size === 0) return null
  return { variable: value?.name.value ?? null, rootKey: (root.alias ?? root.name).value, cursorKeys: [...cursorKeys] }
}

/** The cursor of a told answer; null when the event has none. */
export function cursorOf(body: string, { rootKey, cursorKeys }: Resume): string | null {
  const { data } = JSON.parse(body) as { data?: Record<string, unknown> | null } // the engine wrote it
  const event = data?.[rootKey]
  if (typeof event !== 'object' || event === null) return null
  const key = cursorKeys.find((one) => typeof (event as Record<string, unknown>)[one] === 'string')
  return key === undefined ? null : ((event as Record<string, string>)[key] ?? null)
}

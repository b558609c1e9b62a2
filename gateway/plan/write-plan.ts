import { Kind, OperationTypeNode, print, visit, type OperationDefinitionNode } from 'graphql'
import type { Brought, FetchNode, PartStep, PathStep, Plan, Rename } from './plan.js'
import type { Asked, AskedField, Question } from './question.js'

/** Questions that were put together → a plan. Questions that ask nothing fall away. */
export function writtenPlan(questions: readonly Question[], operation: OperationDefinitionNode): Plan {
  const ordered = inOrder(new Set(questions.filter((one) => !isEmpty(one))))
  const places = new Map(ordered.map((question, at) => [question, at]))
  const fetches = ordered.map((question, at) => fetchOf(question, at, operation))
  const isSubscription = operation.operation === OperationTypeNode.SUBSCRIPTION
  const primary = isSubscription ? (fetches[0] ?? null) : null
  const from = isSubscription ? 1 : 0
  const steps = ordered.slice(from).map((question, at) => ({
    fetch: fetches[at + from] ?? fail(),
    after: reduced(question, places).flatMap((one) => (one < from ? [] : one - from)),
  }))
  const [only, second] = steps
  if (only === undefined) return { root: null, primary }
  return { root: second === undefined ? only.fetch : { kind: 'graph', steps }, primary }
}

/** The same for an answer in parts. */
export function writtenParts(questions: readonly Question[], operation: OperationDefinitionNode): readonly PartStep[] {
  const ordered = inOrder(new Set(questions.filter((one) => !isEmpty(one))))
  const places = new Map(ordered.map((question, at) => [question, at]))
  return ordered.map((question, at) => ({
    fetch: fetchOf(question, at, operation),
    after: reduced(question, places),
    part: question.part,
    waits: question.part > 0 && question.meets,
  }))
}

function fail(): never {
  throw new Error('every question has its fetch')
}

function isEmpty(question: Question): boolean {
  return question.root ? question.root.isEmpty : [...question.onTypes.values()].every((one) => one.isEmpty)
}

/** Each after all that it waits for. */
function inOrder(questions: ReadonlySet<Question>): readonly Question[] {
  const ordered = new Set<Question>()
  const visiting = new Set<Question>()
  const add = (question: Question): void => {
    if (ordered.has(question) || visiting.has(question) || !questions.has(question)) return
    visiting.add(question)
    for (const one of question.after) add(one)
    ordered.add(question)
  }
  for (const question of questions) add(question)
  return [...ordered]
}

/** The places of those that it waits for, without those that the others wait for anyway. */
function reduced(question: Question, places: ReadonlyMap<Question, number>): readonly number[] {
  const own = places.get(question) ?? 0
  const all = [...question.after].filter((one) => places.has(one))
  const needed = all.length < 2 ? all : all.filter((one) => !all.some((other) => other !== one && other.waitsFor(one)))
  return needed.flatMap((one) => places.get(one) ?? []).filter((at) => at < own)
}

function fetchOf(question: Question, at: number, operation: OperationDefinitionNode): FetchNode {
  const { subgraph, root, onTypes } = question
  const renames: Rename[] = []
  const tops = root ? [root] : [...onTypes.values()]
  chooseNames(
    tops.map((asked) => ({ asked, path: root ? [] : onlyStep(asked.type.name) })),
    renames,
  )
  const inner = root
    ? selectionText(root)
    : `{${tops.map((one) => `...on ${one.type.name}${selectionText(one)}`).join(' ')}}`
  const selection = root ? inner : `{_entities(representations:$representations)${inner}}`
  const used = variablesOf(tops)
  const declared = (operation.variableDefinitions ?? []).filter((one) => used.has(one.variable.name.value)).map(print)
  const pieces = root ? null : { declared: [...declared], selection: inner }
  if (!root) declared.unshift('$representations:[_Any!]!')
  const name = operation.name ? `${operation.name.value}__${subgraph.name.replaceAll(/\W/g, '_')}__${at}` : null
  const head =
    name === null && declared.length === 0 && question.kind === 'query'
      ? ''
      : `${question.kind}${name === null ? '' : ` ${name}`}${declared.length > 0 ? `(${declared.join(' ')})` : ''}`
  return {
    kind: 'fetch',
    subgraph: subgraph.name,
    operationKind: question.kind,
    operationName: name,
    query: head + selection,
    variables: [...used],
    path: question.path,
    requires: root ? null : question.requires,
    brings: tops.flatMap((one) => broughtBy(one, root ? null : one.type.name)),
    renames,
    contexts: [],
    pieces,
  }
}

function selectionText(asked: Asked): string {
  const parts: string[] = asked.typename ? ['__typename'] : []
  for (const field of asked.fields.values()) parts.push(fieldText(field))
  for (const [type, fragment] of asked.fragments)
    if (!fragment.isEmpty) parts.push(`...on ${type}${selectionText(fragment)}`)
  return `{${parts.join(' ')}}`
}

function fieldText(field: AskedField): string {
  const alias = field.sentAs === field.name ? '' : `${field.sentAs}:`
  const args = field.arguments.length > 0 ? `(${field.arguments.map(print).join(' ')})` : ''
  const directives = field.directives.map((one) => ` ${print(one)}`).join('')
  return `${alias}${field.name}${args}${directives}${field.below ? selectionText(field.below) : ''}`
}

function broughtBy(asked: Asked, type: string | null): readonly Brought[] {
  const own = [...asked.fields].map(([key, { below }]) => ({ type, key, below: below ? broughtBy(below, null) : [] }))
  return [...own, ...[...asked.fragments].flatMap(([name, fragment]) => broughtBy(fragment, name))]
}

function variablesOf(tops: readonly Asked[]): ReadonlySet<string> {
  const used = new Set<string>()
  const note = (asked: Asked): void => {
    for (const field of asked.fields.values()) {
      for (const node of [...field.arguments, ...field.directives])
        visit(node, { [Kind.VARIABLE]: ({ name }) => void used.add(name.value) })
      if (field.below) note(field.below)
    }
    for (const fragment of asked.fragments.values()) note(fragment)
  }
  tops.forEach(note)
  return used
}

/** A selection set that speaks of the same object of the answer as others do, and how it is reached in the answer. */
interface Beside {
  readonly asked: Asked
  readonly path: readonly PathStep[]
}

/**
 * GraphQL, "Field Selection Merging": fields of different types may bear one name only when their values have one form. Where
 * they have not, all but the first are sent under another name and renamed in the answer.
 */
function chooseNames(beside: readonly Beside[], renames: Rename[]): void {
  const byKey = new Map<string, Map<string, { readonly sentAs: string; readonly below: Beside[] }>>()
  for (const { asked, path } of beside.flatMap(withFragments)) {
    for (const field of asked.fields.values()) {
      const forms = byKey.get(field.key) ?? new Map<string, { readonly sentAs: string; readonly below: Beside[] }>()
      byKey.set(field.key, forms)
      const form = formOf(field)
      const known = forms.get(form) ?? {
        sentAs: forms.size === 0 ? field.key : `${field.key}__alias_${forms.size}`,
        below: [],
      }
      forms.set(form, known)
      field.sentAs = known.sentAs
      if (known.sentAs !== field.key) renames.push({ path, from: known.sentAs, to: field.key })
      // A list step is no step of a rename: what stands in a list is renamed item by item.
      if (field.below) known.below.push({ asked: field.below, path: [...path, { kind: 'field', name: field.key }] })
    }
  }
  for (const forms of byKey.values())
    for (const { below } of forms.values()) if (below.length > 0) chooseNames(below, renames)
}

function withFragments({ asked, path }: Beside): readonly Beside[] {
  const fragments = [...asked.fragments.values()]
  return [
    { asked, path },
    ...fragments.flatMap((one) => withFragments({ asked: one, path: [...path, ...onlyStep(one.type.name)] })),
  ]
}

function onlyStep(type: string): readonly PathStep[] {
  return [{ kind: 'only', types: [type] }]
}

function formOf({ definition }: AskedField): string {
  return definition.composite === null ? definition.type : definition.type.replace(definition.composite, '')
}

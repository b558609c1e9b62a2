import { explainUnasked } from '../merge/note-errors.js'
import type { ReadAnswer, ReadError } from '../merge/read-answer.js'
import type { Representations } from '../merge/representations.js'
import { targetsAt } from '../merge/targets.js'
import type { FieldError, Thing } from '../merge/tree.js'
import type { FetchNode } from '../plan/plan.js'
import { ask, variablesFor, writerOf } from './ask.js'
import { EntityRequest } from './entity-request.js'
import type { Execution } from './execution.js'
import { aliasOf } from './joint-documents.js'
import { fail, takeEntities } from './take-answer.js'

/** One question of a joint one, and the objects that it is asked for. */
interface Part {
  readonly fetch: FetchNode
  readonly asked: Representations
}

/**
 * Questions about entities of one subgraph that are ready together travel together: those that ask the same of objects in different
 * places are one, the others stand beside it in one document under aliases (bench/gateway, `heavy`: 17 questions become 10).
 */
export function runTogether(fetches: readonly FetchNode[], execution: Execution): Promise<void> | undefined {
  const parts = partsOf(fetches, execution)
  const [first, second] = parts
  if (first === undefined) return undefined
  if (second === undefined) return askAlone(first, execution)
  const document = execution.surroundings.jointDocuments.of(parts.map(({ fetch }) => fetch))
  if (document === null) return askEach(parts, execution)
  const variables: Record<string, unknown> = variablesFor(first.fetch, execution)
  for (const { fetch } of parts) Object.assign(variables, variablesFor(fetch, execution))
  const question = { ...document, subgraph: first.fetch.subgraph, context: execution.context }
  const request = new EntityRequest(
    question,
    variables,
    parts.map(({ asked }) => asked.list),
  )
  return ask(first.fetch, request, execution).then((answer) => take(parts, answer, execution))
}

function partsOf(fetches: readonly FetchNode[], execution: Execution): readonly Part[] {
  const { tree, surroundings } = execution
  const { isA } = surroundings.supergraph
  const byForm = new Map<string, { readonly fetch: FetchNode; targets: readonly Thing[] }>()
  for (const fetch of fetches) {
    const targets = targetsAt(tree.root, fetch.path, isA)
    const form = formOf(fetch)
    const known = byForm.get(form)
    if (known === undefined) byForm.set(form, { fetch, targets })
    else known.targets = known.targets.concat(targets)
  }
  const parts: Part[] = []
  for (const { fetch, targets } of byForm.values()) {
    const asked = writerOf(fetch, execution).write(targets)
    if (tree.failed) explainUnasked(tree, fetch, asked.unasked, isA)
    if (asked.list.length > 0) parts.push({ fetch, asked })
  }
  return parts
}

const forms = new WeakMap<FetchNode, string>()

/** Fetches of one form differ only in the place of their objects. */
function formOf(fetch: FetchNode): string {
  let form = forms.get(fetch)
  if (form === undefined) {
    form = JSON.stringify([fetch.pieces, fetch.requires, fetch.renames])
    forms.set(fetch, form)
  }
  return form
}

function askAlone({ fetch, asked }: Part, execution: Execution): Promise<void> {
  const { subgraph, query, operationName } = fetch
  const question = { subgraph, query, operationName, context: execution.context }
  const request = new EntityRequest(question, variablesFor(fetch, execution), [asked.list])
  return ask(fetch, request, execution).then((answer) => {
    if ('code' in answer) fail(fetch, asked.owners, answer, execution)
    else takeEntities(fetch, asked, answer, execution)
  })
}

function askEach(parts: readonly Part[], execution: Execution): Promise<void> {
  return Promise.all(parts.map((part) => askAlone(part, execution))).then(() => undefined)
}

function take(
  parts: readonly Part[],
  answer: ReadAnswer | FieldError,
  execution: Execution,
): Promise<void> | undefined {
  if ('code' in answer) {
    for (const { fetch, asked } of parts) fail(fetch, asked.owners, answer, execution)
    return undefined
  }
  const { data, errors } = answer
  // A list that may not be null has taken the others with it, and they have done nothing wrong.
  if (data === null) return askEach(parts, execution)
  parts.forEach(({ fetch, asked }, at) => {
    const own = { data: { _entities: data[aliasOf(at)] }, errors: errorsOf(errors, at, parts.length) }
    takeEntities(fetch, asked, own, execution)
  })
  return undefined
}

/** The errors at one alias, as if it had been asked alone, and those at none of them. */
function errorsOf(errors: readonly ReadError[], at: number, count: number): readonly ReadError[] {
  if (errors.length === 0) return errors
  const aliases = Array.from({ length: count }, (_, one) => aliasOf(one))
  return errors.flatMap((error) => {
    const [alias, ...path] = error.path
    if (alias === aliasOf(at)) return { ...error, path: ['_entities', ...path] }
    return aliases.includes(String(alias)) ? [] : { ...error, path: [] }
  })
}

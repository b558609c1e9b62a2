import { GraphQLError, Kind, type DocumentNode, type SelectionSetNode, type ValidationRule } from 'graphql'
import { Failure } from '../../platform/failure.js'
import type { CostSettings } from './cost-limit.js'
import { nestsDeeper } from './nesting.js'
import { comparedPairs } from './pairs.js'

/** Bounds of a document, the same on every transport. */
export interface Limits extends CostSettings {
  /** Bytes of a body, also of a message on a socket. */
  readonly bodyBytes: number
  readonly characters: number
  readonly tokens: number
  /** How deep brackets may stand in each other, in a document and in JSON; checked before anything is parsed. */
  readonly nesting: number
  /** Fields below fields, fragments followed. */
  readonly depth: number
  /** Fields in all, each fragment counted wherever it is spread. */
  readonly height: number
  readonly aliases: number
  readonly rootFields: number
  readonly directives: number
  /** Fields and fragments that meet at one place, each with each: so many does validation compare. */
  readonly pairs: number
}

/** A document of fewer characters holds the event loop for a few milliseconds at most, whatever stands in it. */
export const LARGE_DOCUMENT = 2_000

/** Refuses a document by its text alone, before it is parsed. Every transport passes here. */
export function checkText(text: string, limits: Limits): void {
  if (text.length > limits.characters) throw over(`the document is over ${limits.characters} characters`)
  if (nestsDeeper(text, limits.nesting, true))
    throw new Failure('GRAPHQL_PARSE_FAILED', `brackets stand deeper in each other than ${limits.nesting}`)
}

/** Refuses variables that nest so deep that whoever walks them would overflow. */
export function checkJson(text: string, limits: Limits): void {
  if (nestsDeeper(text, limits.nesting, false))
    throw new Failure('BAD_REQUEST', `JSON is nested deeper than ${limits.nesting}`)
}

/** Refuses a parsed document by its size, before the rules of validation walk it: some of them compare everything with everything. */
export function checkSize(document: DocumentNode, limits: Limits): void {
  const [message] = excesses(document, limits)
  if (message !== undefined) throw over(message)
}

/** The limits as a rule of validation, so that whoever validates keeps them; `isWithin` says what was measured before. */
export function limitsRule(limits: Limits, isWithin: (text: string) => boolean): ValidationRule {
  return (context) => ({
    Document(document) {
      const text = document.loc?.source.body
      if (text !== undefined && isWithin(text)) return
      for (const message of excesses(document, limits))
        context.reportError(new GraphQLError(message, { extensions: { code: 'LIMIT_EXCEEDED' } }))
    },
  })
}

/** Each limit that an operation of the document passes, as a sentence. Every fragment is walked once, however often it is spread. */
export function excesses(document: DocumentNode, limits: Limits): readonly string[] {
  const measure = measurer(document)
  const found = new Set<string>()
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue
    const size = measure(definition.selectionSet)
    if (size.depth > limits.depth) found.add(`the operation is deeper than ${limits.depth}`)
    if (size.height > limits.height) found.add(`the operation has more than ${limits.height} fields`)
    if (size.aliases > limits.aliases) found.add(`the operation has more than ${limits.aliases} aliases`)
    if (size.directives > limits.directives) found.add(`the operation has more than ${limits.directives} directives`)
    if (size.roots > limits.rootFields) found.add(`the operation has more than ${limits.rootFields} root fields`)
  }
  if (found.size === 0 && comparedPairs(document, limits.pairs) > limits.pairs)
    found.add(`the document has more than ${limits.pairs} pairs of fields or fragments that meet at one place`)
  return [...found]
}

/** How large a selection is once its fragments are put in; counts stop growing long before they could overflow. */
interface Size {
  readonly depth: number
  readonly height: number
  readonly aliases: number
  readonly directives: number
  /** Fields at its own level. */
  readonly roots: number
}

const NOTHING: Size = { depth: 0, height: 0, aliases: 0, directives: 0, roots: 0 }
const ENOUGH = 1_000_000_000

function measurer(document: DocumentNode): (set: SelectionSetNode) => Size {
  const sets = new Map<string, SelectionSetNode>()
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) sets.set(definition.name.value, definition.selectionSet)
  const known = new Map<string, Size>()
  const fragment = (name: string): Size => {
    const measured = known.get(name)
    if (measured !== undefined) return measured
    known.set(name, NOTHING) // a fragment that spreads itself is another rule's to refuse
    const set = sets.get(name)
    const size = set === undefined ? NOTHING : measure(set)
    known.set(name, size)
    return size
  }
  const measure = (set: SelectionSetNode): Size => set.selections.map(one).reduce(beside, NOTHING)
  const one = (selection: SelectionSetNode['selections'][number]): Size => {
    const directives = selection.directives?.length ?? 0
    if (selection.kind === Kind.FRAGMENT_SPREAD)
      return beside(fragment(selection.name.value), { ...NOTHING, directives })
    const inner = selection.selectionSet === undefined ? NOTHING : measure(selection.selectionSet)
    if (selection.kind === Kind.INLINE_FRAGMENT) return beside(inner, { ...NOTHING, directives })
    return {
      depth: inner.depth + 1,
      height: bounded(inner.height + 1),
      aliases: bounded(inner.aliases + (selection.alias === undefined ? 0 : 1)),
      directives: bounded(inner.directives + directives),
      roots: 1,
    }
  }
  return measure
}

function beside(a: Size, b: Size): Size {
  return {
    depth: Math.max(a.depth, b.depth),
    height: bounded(a.height + b.height),
    aliases: bounded(a.aliases + b.aliases),
    directives: bounded(a.directives + b.directives),
    roots: bounded(a.roots + b.roots),
  }
}

function bounded(count: number): number {
  return Math.min(count, ENOUGH)
}

function over(message: string): Failure {
  return new Failure('LIMIT_EXCEEDED', message)
}

import { getArgumentValues, type DocumentNode, type GraphQLSchema } from 'graphql'
import type { Observer } from '../platform/observe/observer.js'
import { systemChance, type Chance } from '../platform/time/chance.js'
import { FAILURES } from '../schema/failures.js'
import { execute } from './execute/execute.js'
import type { Surroundings } from './execute/execution.js'
import { Readier, type Prepared, type Ready } from './execute/readier.js'
import { absorbEvent, upstreamOf } from './execute/run-fetch.js'
import { Twins, askerKey } from './execute/twins.js'
import type { FetchContext, SubgraphAnswer, SubgraphRequest, Subgraphs } from './fetch/ask-subgraph.js'
import type { Telling } from './merge/read-answer.js'
import { Tree } from './merge/tree.js'
import type { Operation } from './operation/read-operation.js'
import { RequestErrors, requestError } from './operation/request-errors.js'
import { plannerOf } from './plan/planner-of.js'
import { compiledWriter, type CompiledWriter } from './project/compiled.js'
import { ErrorList } from './project/error-list.js'
import { project, type Introspected } from './project/project.js'
import { openSupergraph, type Supergraph } from './supergraph/supergraph.js'

/** A client's question, whichever transport brought it. */
export interface GraphRequest {
  /** The document as the client sent it; parsed, validated and planned forms are kept under this text. */
  readonly text: string
  /** The same document, when the caller has parsed AND validated it against `Engine.schema`; it is not read twice. */
  readonly parsed?: DocumentNode
  readonly operationName: string | null
  /** As the client sent them; coerced here. */
  readonly variables: Readonly<Record<string, unknown>> | null
  readonly context: FetchContext
}

/** A whole answer, ready to be sent. */
export interface GraphAnswer {
  /** JSON text of `{ errors?, data? }`. */
  readonly body: string
  /** Null when the document could not be read as far as that. */
  readonly kind: 'query' | 'mutation' | 'subscription' | null
  /** `request`: nothing was executed and there is no `data` (an HTTP edge says 4xx); `fields`: some fields failed; `nothing`: all is well. */
  readonly failed: 'nothing' | 'fields' | 'request'
  /** The codes of the errors in the body, each once. */
  readonly codes: readonly string[]
}

/** A subscription, planned: what to ask upstream, and how an event becomes an answer. */
export interface PlannedSubscription {
  /** The question for `Subgraphs.subscribe`. Two subscriptions with equal `upstreamKey` may share one upstream. */
  readonly upstream: SubgraphRequest
  /** Subgraph, document and variables of the upstream in one text; nothing of the identity is in it. */
  readonly upstreamKey: string
  /** Operation and variables of the client in one text: equal keys (and equal authorisation) are rendered to equal bytes. */
  readonly renderKey: string
  /** The root field, by its name in the schema, with its arguments coerced. */
  readonly root: { readonly field: string; readonly arguments: Readonly<Record<string, unknown>> }
  /** One event of the upstream → the client's answer; entity fields are asked of other subgraphs on behalf of `context`. Never rejects. */
  render(event: SubgraphAnswer, context: FetchContext): Promise<GraphAnswer>
}

/** The engine of one supergraph. A new supergraph is a new engine; requests in flight end on the old one. */
export interface Engine {
  /** The public API, for validation, introspection and Apollo Server. */
  readonly schema: GraphQLSchema
  /** Queries and mutations. Never rejects: what fails is told in the body. */
  answer(request: GraphRequest): Promise<GraphAnswer>
  /** A refused subscription is an answer with `failed: 'request'`. */
  planSubscription(request: GraphRequest): PlannedSubscription | GraphAnswer
  /** What kind the operation is, without running it (a GET must not run a mutation); null when the document cannot be read. */
  kindOf(request: GraphRequest): 'query' | 'mutation' | 'subscription' | null
}

/** What an engine is made of. Everything that is left out has a default that suits a laptop. */
export interface EngineOptions {
  /** The supergraph's SDL. */
  readonly supergraph: string
  readonly subgraphs: Subgraphs
  readonly observer: Observer
  readonly chance?: Chance
  /** Labels of progressive `@override` that hold; `percent(…)` needs none. */
  readonly overrides?: readonly string[]
  /** `known` (the default) tells of subgraphs' errors only what bears a code of ours; `all` is for developers. */
  readonly telling?: Telling
  /** The most tokens of a document and the most selections that it may unfold to. */
  readonly mostTokens?: number
  readonly mostSelections?: number
  /** Equal queries of one asker that are in flight together get one answer; on unless it is switched off. */
  readonly sharing?: boolean
}

/** request -> operation -> plan -> tree -> bytes. Throws what is wrong with the supergraph. */
export function openEngine(options: EngineOptions): Engine {
  return new Answers(openSupergraph(options.supergraph), options)
}

const NOTHING_INTROSPECTED: Introspected = new Map()

class Answers implements Engine {
  readonly schema: GraphQLSchema
  readonly #surroundings: Surroundings
  readonly #readier: Readier
  readonly #twins: Twins<GraphAnswer> | null

  constructor(supergraph: Supergraph, options: EngineOptions) {
    const { subgraphs, observer, telling = 'known' } = options
    this.schema = supergraph.api
    this.#surroundings = { supergraph, subgraphs, observer, telling }
    this.#readier = new Readier({
      supergraph,
      planner: plannerOf(supergraph),
      observer,
      chance: options.chance ?? systemChance,
      overrides: new Set(options.overrides),
      mostTokens: options.mostTokens ?? 50_000,
      mostSelections: options.mostSelections ?? 20_000,
    })
    this.#twins = options.sharing === false ? null : new Twins(observer)
  }

  async answer(request: GraphRequest): Promise<GraphAnswer> {
    let ready: Ready
    try {
      ready = this.#readier.ready(request)
    } catch (error) {
      return this.#refused(error, request)
    }
    try {
      return await (this.#mayShare(ready) ? this.#shared(ready, request) : this.#run(ready, request.context))
    } catch (error) {
      return this.#refused(error, request)
    }
  }

  planSubscription(request: GraphRequest): PlannedSubscription | GraphAnswer {
    try {
      return this.#planned(this.#readier.ready(request), request)
    } catch (error) {
      return this.#refused(error, request)
    }
  }

  kindOf(request: GraphRequest): 'query' | 'mutation' | 'subscription' | null {
    try {
      return this.#readier.operation(request).kind
    } catch {
      return null
    }
  }

  #mayShare({ operation }: Ready): boolean {
    return this.#twins !== null && operation.kind === 'query'
  }

  /** Who leaves must not take the answer from others who wait for it: a shared one is not aborted. */
  #shared(ready: Ready, { text, context }: GraphRequest): Promise<GraphAnswer> {
    const run = (): Promise<GraphAnswer> => this.#run(ready, { ...context, signal: null })
    const key = JSON.stringify([ready.operation.name, ready.variables, askerKey(context), text])
    return this.#twins?.join(key, run) ?? run()
  }

  async #run({ operation, variables, prepared }: Ready, context: FetchContext): Promise<GraphAnswer> {
    const tree = new Tree()
    const { root } = prepared.plan
    if (root !== null) await execute(root, { surroundings: this.#surroundings, tree, variables, context })
    return written(operation, prepared, tree, prepared.introspect?.(variables) ?? NOTHING_INTROSPECTED)
  }

  #planned({ operation, variables, prepared }: Ready, request: GraphRequest): PlannedSubscription {
    const { primary, root } = prepared.plan
    const [field] = prepared.shape.fieldsFor(prepared.shape.type.name) ?? []
    const [node] = field?.nodes ?? []
    if (primary === null || field === undefined || node === undefined)
      throw new Error('a subscription has a primary fetch')
    const definition = operation.root.getFields()[field.name]
    const upstream = upstreamOf(primary, variables, request.context)
    const surroundings = this.#surroundings
    return {
      upstream,
      upstreamKey: JSON.stringify([upstream.subgraph, upstream.query, upstream.variables]),
      renderKey: JSON.stringify([request.text, operation.name, variables]),
      root: { field: field.name, arguments: definition ? getArgumentValues(definition, node, variables) : {} },
      async render(event, context) {
        const execution = { surroundings, tree: new Tree(), variables, context }
        absorbEvent(primary, event, execution)
        if (root !== null) await execute(root, execution)
        return written(operation, prepared, execution.tree, NOTHING_INTROSPECTED)
      },
    }
  }

  #refused(error: unknown, request: GraphRequest): GraphAnswer {
    // Whatever walks an operation descends by recursion: what ends the stack is nesting that only the client chose.
    if (error instanceof RangeError)
      return this.#refused(requestError('LIMIT_EXCEEDED', 'The operation is nested too deeply.'), request)
    if (!(error instanceof RequestErrors)) {
      this.#surroundings.observer.log('error', 'a request failed', { requestId: request.context.requestId, error })
      return refusal(
        [{ message: FAILURES.INTERNAL_SERVER_ERROR, extensions: { code: 'INTERNAL_SERVER_ERROR' } }],
        'INTERNAL_SERVER_ERROR',
      )
    }
    if (error.cause)
      this.#surroundings.observer.log('warn', error.message, {
        requestId: request.context.requestId,
        cause: error.cause,
      })
    return refusal(error.formatted(), error.code)
  }
}

function refusal(errors: readonly object[], code: string): GraphAnswer {
  return { body: JSON.stringify({ errors }), kind: null, failed: 'request', codes: [code] }
}

function written(operation: Operation, prepared: Prepared, tree: Tree, introspected: Introspected): GraphAnswer {
  const quick = writerOf(prepared)?.(tree)
  if (quick !== undefined && quick !== null)
    return { body: `{"data":${quick}}`, kind: operation.kind, failed: 'nothing', codes: [] }
  const errors = new ErrorList()
  const data = project(prepared.shape, tree, introspected, errors) ?? 'null'
  if (errors.length === 0) return { body: `{"data":${data}}`, kind: operation.kind, failed: 'nothing', codes: [] }
  return {
    body: `{"errors":${errors.toText()},"data":${data}}`,
    kind: operation.kind,
    failed: 'fields',
    codes: errors.codes,
  }
}

/** An operation that comes once is not worth compiling for. */
function writerOf(prepared: Prepared): CompiledWriter | null {
  if (++prepared.times === 2) prepared.write = compiledWriter(prepared.shape)
  return prepared.write
}

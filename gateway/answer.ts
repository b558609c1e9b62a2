import { getArgumentValues, type DocumentNode, type GraphQLSchema } from 'graphql'
import { FAILURES } from '../schema/failures.js'
import type { Observer } from '../platform/observe/observer.js'
import { systemChance, type Chance } from '../platform/time/chance.js'
import { execute } from './execute/execute.js'
import type { Surroundings } from './execute/execution.js'
import { absorbEvent, upstreamOf } from './execute/run-fetch.js'
import type { FetchContext, SubgraphAnswer, SubgraphRequest, Subgraphs } from './fetch/ask-subgraph.js'
import type { Telling } from './merge/read-answer.js'
import { Tree } from './merge/tree.js'
import { BoundedCache } from './operation/bounded-cache.js'
import { partsOf, readDocument, type ReadDocument } from './operation/read-document.js'
import { readOperation, type Operation } from './operation/read-operation.js'
import { readVariables, type Variables } from './operation/read-variables.js'
import { RequestErrors, requestError } from './operation/request-errors.js'
import { switchKey, switchesOf } from './operation/switches.js'
import { chooseOverrides } from './plan/overrides.js'
import type { Planner } from './plan/planner.js'
import { plannerOf } from './plan/planner-of.js'
import { preparePlan, type PreparedPlan } from './plan/prepare.js'
import { compiledWriter, type CompiledWriter } from './project/compiled.js'
import { ErrorList } from './project/error-list.js'
import { introspection } from './project/introspect.js'
import { project, type Introspected } from './project/project.js'
import { shapeOf, type Shape } from './project/shape.js'
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
}

/** request -> operation -> plan -> tree -> bytes. Throws what is wrong with the supergraph. */
export function openEngine(options: EngineOptions): Engine {
  const supergraph = openSupergraph(options.supergraph)
  return new Answers(supergraph, plannerOf(supergraph), options)
}

/** All that an operation needs, made once for each combination of its switches and overrides. */
interface Prepared {
  readonly plan: PreparedPlan
  readonly shape: Shape
  readonly introspect: ((variables: Variables) => Introspected) | null
  /** The fast form of writing; made when the operation comes a second time. */
  write: CompiledWriter | null
  times: number
}

/** A document that was read, or why it cannot be. */
interface KnownDocument {
  readonly read: ReadDocument | RequestErrors
  readonly operations: Map<string | null, Operation>
}

/** A request, read as far as its plan. */
interface Ready {
  readonly operation: Operation
  readonly variables: Variables
  readonly prepared: Prepared
}

const NOTHING_INTROSPECTED: Introspected = new Map()

class Answers implements Engine {
  readonly schema: GraphQLSchema
  readonly #supergraph: Supergraph
  readonly #planner: Planner
  readonly #surroundings: Surroundings
  readonly #documents: BoundedCache<KnownDocument>
  readonly #prepared: BoundedCache<Prepared>
  readonly #chance: Chance
  readonly #overrides: ReadonlySet<string>
  readonly #mostTokens: number
  readonly #mostSelections: number

  constructor(supergraph: Supergraph, planner: Planner, options: EngineOptions) {
    const { subgraphs, observer, telling = 'known' } = options
    this.schema = supergraph.api
    this.#supergraph = supergraph
    this.#planner = planner
    this.#surroundings = { supergraph, subgraphs, observer, telling }
    this.#documents = new BoundedCache('documents', { most: 2_000, mostKeyChars: 4_000_000 }, observer)
    this.#prepared = new BoundedCache('plans', { most: 2_000, mostKeyChars: 4_000_000 }, observer)
    this.#chance = options.chance ?? systemChance
    this.#overrides = new Set(options.overrides)
    this.#mostTokens = options.mostTokens ?? 50_000
    this.#mostSelections = options.mostSelections ?? 20_000
  }

  async answer(request: GraphRequest): Promise<GraphAnswer> {
    let ready: Ready
    try {
      ready = this.#ready(request)
    } catch (error) {
      return this.#refused(error, request)
    }
    try {
      return await this.#run(ready, request.context)
    } catch (error) {
      return this.#refused(error, request)
    }
  }

  planSubscription(request: GraphRequest): PlannedSubscription | GraphAnswer {
    try {
      return this.#planned(this.#ready(request), request)
    } catch (error) {
      return this.#refused(error, request)
    }
  }

  kindOf(request: GraphRequest): 'query' | 'mutation' | 'subscription' | null {
    try {
      return this.#operation(request).kind
    } catch {
      return null
    }
  }

  #ready(request: GraphRequest): Ready {
    const operation = this.#operation(request)
    const variables = readVariables(this.schema, operation.definition.variableDefinitions ?? [], request.variables)
    return { operation, variables, prepared: this.#prepare(request, operation, variables) }
  }

  #operation(request: GraphRequest): Operation {
    const known = this.#documents.get(request.text, () => ({ read: this.#read(request), operations: new Map() }))
    if (known.read instanceof RequestErrors) throw known.read
    let operation = known.operations.get(request.operationName)
    if (operation === undefined) {
      operation = readOperation(this.schema, known.read, request.operationName, this.#mostSelections)
      known.operations.set(request.operationName, operation)
    }
    return operation
  }

  #read({ text, parsed }: GraphRequest): ReadDocument | RequestErrors {
    try {
      return parsed ? partsOf(parsed) : readDocument(this.schema, text, this.#mostTokens)
    } catch (error) {
      if (error instanceof RequestErrors) return error
      throw error
    }
  }

  #prepare(request: GraphRequest, operation: Operation, variables: Variables): Prepared {
    const switches = switchesOf(operation, variables)
    const overrides = chooseOverrides(this.#supergraph.joins.overrideLabels, this.#overrides, this.#chance)
    const key = `${switchKey(switches)} ${switchKey(overrides)} ${operation.name ?? ''} ${request.text}`
    return this.#prepared.get(key, () => {
      const plan = preparePlan(this.schema, this.#planner, operation, switches, overrides)
      const shape = shapeOf(this.schema, operation, switches, plan.names)
      const introspect = introspection(this.schema, operation, shape.fieldsFor(shape.type.name) ?? [])
      return { plan, shape, introspect, write: null, times: 0 }
    })
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

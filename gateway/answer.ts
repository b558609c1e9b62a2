import type { GraphQLSchema } from 'graphql'
import type { Abort } from '../platform/abort.js'
import { within, type Span } from '../platform/observe/span.js'
import { systemChance } from '../platform/time/chance.js'
import { Failure } from '../platform/failure.js'
import { FAILURES } from '../schema/failures.js'
import { answerInParts, type PartedAnswer } from './answer-parts.js'
import type { Aside } from './aside/aside.js'
import { execute } from './execute/execute.js'
import type { Surroundings } from './execute/execution.js'
import { JointDocuments } from './execute/joint-documents.js'
import { PartsReadier, type ReadyInParts } from './execute/parts-readier.js'
import { Readier, type Occasion, type Ready } from './execute/readier.js'
import type { Turnstile } from './execute/turnstile.js'
import { askedOnceInATurn } from './execute/same-turn.js'
import { askedOnceInFlight } from './execute/shared-fetches.js'
import { Twins, askerKey } from './execute/twins.js'
import type { OperationFigures } from './operation-figures.js'
import type { Carried, FetchContext } from './fetch/ask-subgraph.js'
import { Tree } from './merge/tree.js'
import { accessBy, accessLeft, type AccessOf } from './operation/access.js'
import { costLimit } from './operation/cost-limit.js'
import { grantsBy } from './operation/grants.js'
import { RequestErrors, requestError } from './operation/request-errors.js'
import { MOST_STEPS, PlansLong } from './plan/planner.js'
import { plannerOf } from './plan/planner-of.js'
import type { PartFormat } from './project/part-forms.js'
import { type Introspected } from './project/project.js'
import type { LiveRules } from './supergraph/live-rules.js'
import { contracted } from './supergraph/contract.js'
import { openSupergraph, type Supergraph } from './supergraph/supergraph.js'
import type { GraphRequest, GraphAnswer, PlannedSubscription, Engine, EngineOptions } from './engine.js'
import { subscriptionOf } from './subscribe.js'
import { refusal, written } from './write-answer.js'

/** request -> operation -> plan -> tree -> bytes. Throws what is wrong with the supergraph. */
export function openEngine(options: EngineOptions): Engine {
  const { supergraph, contract, shared } = options
  return new Answers(openSupergraph(contract ? contracted(supergraph, contract) : supergraph, shared), options)
}

const NOTHING_INTROSPECTED: Introspected = new Map()

function accessFor({ api, access }: Supergraph, options: EngineOptions): AccessOf | null {
  if (access === null) return null
  if (options.authorization === 'leave') return accessLeft(api, access)
  return accessBy(api, access, grantsBy(options.policies ?? {}, options.policy ?? null))
}

class Answers implements Engine {
  readonly schema: GraphQLSchema
  readonly live: LiveRules
  readonly aside: Aside | null
  /** In which changes are made. */
  readonly #surroundings: Surroundings
  /** In which queries are answered: they may ask a subgraph together. */
  readonly #querySurroundings: Surroundings
  /** In which events are rendered: groups that hear of the same at once ask for its entities together. */
  readonly #eventSurroundings: Surroundings
  readonly #readier: Readier
  readonly #partsReadier: PartsReadier
  readonly #twins: Twins<GraphAnswer> | null
  readonly #figures: OperationFigures | null
  readonly #turnstile: Turnstile | null

  constructor(supergraph: Supergraph, options: EngineOptions) {
    const { subgraphs, observer, telling = 'known' } = options
    this.schema = supergraph.api
    this.live = supergraph.live
    this.aside = options.aside ?? null
    this.#surroundings = { supergraph, subgraphs, observer, telling, jointDocuments: new JointDocuments(observer) }
    const isShared = options.sharing !== false && subgraphs.areWithin !== true
    const queried = isShared ? askedOnceInFlight(subgraphs, observer) : subgraphs
    this.#querySurroundings = { ...this.#surroundings, subgraphs: queried }
    this.#eventSurroundings = { ...this.#surroundings, subgraphs: askedOnceInATurn(subgraphs, observer) }
    const making = {
      supergraph,
      planner: plannerOf(supergraph),
      aside: this.aside,
      observer,
      chance: options.chance ?? systemChance,
      overrides: new Set(options.overrides),
      access: accessFor(supergraph, options),
      checkCost: options.cost ? costLimit(options.cost, supergraph.api, supergraph.costs, observer) : null,
      mostTokens: options.mostTokens ?? 50_000,
      mostSelections: options.mostSelections ?? 20_000,
    }
    this.#readier = new Readier(making)
    this.#partsReadier = new PartsReadier(this.#readier, making)
    this.#figures = options.figures ?? null
    this.#turnstile = options.turnstile ?? null
    this.#twins = options.sharing === false ? null : new Twins('answers', observer)
  }

  async answer(request: GraphRequest): Promise<GraphAnswer> {
    const begun = this.#figures?.begin() ?? 0
    const span = request.context.carried?.span ?? null
    let ready: Ready
    try {
      ready = span === null ? this.#readier.ready(request) : this.#readyTraced(request, span)
    } catch (error) {
      return error instanceof PlansLong ? await this.#answerAside(request) : this.#refused(error, request)
    }
    const answer = await this.#answered(ready, request)
    this.#figures?.over(begun, ready.operation.name, answer.failed)
    return answer
  }

  foresee(request: GraphRequest, format: PartFormat | null): Promise<void> | null {
    try {
      return format === null ? this.#readier.foresee(request) : this.#partsReadier.foresee(request, format)
    } catch {
      return null // who asks for it is told why
    }
  }

  /** Short and yet of many steps. */
  async #answerAside(request: GraphRequest): Promise<GraphAnswer> {
    const begun = this.#figures?.begin() ?? 0
    try {
      await this.#readier.planAside(request)
      const ready = this.#readier.ready(request, MOST_STEPS)
      const answer = await this.#answered(ready, request)
      this.#figures?.over(begun, ready.operation.name, answer.failed)
      return answer
    } catch (error) {
      return this.#refused(noRoom(error) ?? error, request)
    }
  }

  planAside(request: GraphRequest): Promise<void> {
    return this.#readier.planAside(request)
  }

  begin(request: GraphRequest): (() => Promise<GraphAnswer>) | null {
    const begun = this.#figures?.begin() ?? 0
    try {
      if (this.#readier.isUnforeseen(request)) return null
      const ready = this.#readier.ready(request)
      return async () => {
        const answer = await this.#answered(ready, request)
        this.#figures?.over(begun, ready.operation.name, answer.failed)
        return answer
      }
    } catch {
      return null
    }
  }

  async #answered(ready: Ready, request: GraphRequest): Promise<GraphAnswer> {
    try {
      return await (this.#mayShare(ready) ? this.#shared(ready, request) : this.#run(ready, unended(ready, request)))
    } catch (error) {
      return this.#refused(error, request)
    }
  }

  /** While others wait for their turn nobody is told in parts: one whole answer waits with them. */
  answerInParts(request: GraphRequest, format: PartFormat): PartedAnswer | null {
    if (this.#turnstile?.hasLine) return null
    try {
      const ready = this.#readyInParts(request, format)
      return ready && answerInParts(ready, this.#surroundingsOf(ready.operation), request.context)
    } catch (error) {
      if (!(error instanceof RequestErrors || error instanceof RangeError || error instanceof PlansLong))
        this.#surroundings.observer.log('error', 'an operation was not parted', { error })
      return null // `answer` tells why
    }
  }

  planSubscription(request: GraphRequest, isFresh = false): PlannedSubscription | GraphAnswer {
    try {
      const ready = this.#readier.ready(request, isFresh ? this.#readier.mostSteps : MOST_STEPS)
      return subscriptionOf(ready, request, this.#eventSurroundings)
    } catch (error) {
      if (error instanceof PlansLong) throw error
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

  mostUsed(most: number): readonly Occasion[] {
    return this.#readier.mostUsed(most)
  }

  async warm(occasion: Occasion): Promise<boolean> {
    try {
      return await this.#readier.warm(occasion)
    } catch {
      return false // who asks for it is told why
    }
  }

  #readyTraced(request: GraphRequest, span: Span): Ready {
    const ready = within(span, 'graphql.plan', () => this.#readier.ready(request))
    noteOperation(span, ready.operation)
    return ready
  }

  /** Only what is told in parts is told of here: the rest is planned as a whole, and its trace has that. */
  #readyInParts(request: GraphRequest, format: PartFormat): ReadyInParts | null {
    const span = request.context.carried?.span ?? null
    const planning = span?.begin('graphql.plan')
    const ready = this.#partsReadier.ready(request, format)
    if (ready === null || !span) return ready
    planning?.end()
    noteOperation(span, ready.operation)
    return ready
  }

  #surroundingsOf({ kind }: Pick<Ready['operation'], 'kind'>): Surroundings {
    return kind === 'query' ? this.#querySurroundings : this.#surroundings
  }

  #mayShare({ operation }: Ready): boolean {
    return this.#twins !== null && operation.kind === 'query'
  }

  #shared(ready: Ready, { text, context }: GraphRequest): Promise<GraphAnswer> {
    const run = (signal: Abort | null): Promise<GraphAnswer> => this.#run(ready, { ...context, signal })
    const key = JSON.stringify([ready.operation.name, ready.variables, ready.access.key, askerKey(context), text])
    return this.#twins?.join(key, run, context.signal) ?? run(context.signal)
  }

  /** What changes something never waits here. */
  async #run(ready: Ready, context: FetchContext): Promise<GraphAnswer> {
    const { operation, prepared } = ready
    if (this.#turnstile === null || operation.kind !== 'query') return await this.#runNow(ready, context)
    const answer = await this.#turnstile.pass(prepared.bytes, () => this.#runNow(ready, context))
    prepared.bytes = Math.max(prepared.bytes ?? 0, answer.body.length)
    return answer
  }

  async #runNow(ready: Ready, context: FetchContext): Promise<GraphAnswer> {
    const { operation, variables, prepared } = ready
    const span = context.carried?.span ?? null
    if (span !== null && context.carried) return await this.#runTraced(ready, context, context.carried, span)
    const tree = new Tree()
    const { root } = prepared.plan
    if (root !== null) await execute(root, { surroundings: this.#surroundingsOf(operation), tree, variables, context })
    return written(operation, prepared, tree, prepared.introspect?.(variables) ?? NOTHING_INTROSPECTED)
  }

  async #runTraced(ready: Ready, context: FetchContext, carried: Carried, span: Span): Promise<GraphAnswer> {
    const { operation, variables, prepared } = ready
    const tree = new Tree()
    const { root } = prepared.plan
    const executing = span.begin('graphql.execute')
    const below = { ...context, carried: { ...carried, span: executing } }
    if (root !== null)
      await execute(root, { surroundings: this.#surroundingsOf(operation), tree, variables, context: below })
    executing.end()
    return within(span, 'graphql.write', () =>
      written(operation, prepared, tree, prepared.introspect?.(variables) ?? NOTHING_INTROSPECTED),
    )
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

/** There is no room beside the event loop, or the time there is over. */
function noRoom(error: unknown): RequestErrors | null {
  if (!(error instanceof Failure)) return null
  return requestError(error.code === 'BUSY' ? 'BUSY' : 'LIMIT_EXCEEDED', error.message)
}

/** What has begun to change something goes on to its end, whoever waits for it. */
function unended({ operation }: Ready, { context }: GraphRequest): FetchContext {
  return operation.kind === 'query' || context.signal === null ? context : { ...context, signal: null }
}

function noteOperation(span: Span, { name, kind }: Ready['operation']): void {
  span.note({ 'graphql.operation.type': kind, ...(name !== null && { 'graphql.operation.name': name }) })
}

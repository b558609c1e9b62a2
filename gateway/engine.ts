import { type DocumentNode, type GraphQLSchema } from 'graphql'
import type { Observer } from '../platform/observe/observer.js'
import { type Chance } from '../platform/time/chance.js'
import type { PartedAnswer } from './answer-parts.js'
import type { Aside } from './aside/aside.js'
import { type Occasion } from './execute/readier.js'
import type { Turnstile } from './execute/turnstile.js'
import type { OperationFigures } from './operation-figures.js'
import type { FetchContext, SubgraphAnswer, SubgraphRequest, Subgraphs } from './fetch/ask-subgraph.js'
import type { Telling } from './merge/read-answer.js'
import { type CostSettings } from './operation/cost-limit.js'
import { type PolicyHook } from './operation/grants.js'
import type { PartFormat } from './project/part-forms.js'
import type { LiveRules } from './supergraph/live-rules.js'
import { type Contract } from './supergraph/contract.js'

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
  /** Which of the requirements that the operation depends on hold for whoever asks; empty when it depends on none. */
  readonly access: string
  /** All who have equal access are told the same also by subgraphs that do not hear who asks. */
  readonly alike: boolean
  /** Operation, variables and access of the client in one text: with the same context, equal keys are rendered to equal bytes. */
  readonly renderKey: string
  /** Every subgraph that the subscription or one of its events may ask. */
  readonly subgraphs: readonly string[]
  /** The root field, by its name in the schema, with its arguments coerced. */
  readonly root: { readonly field: string; readonly arguments: Readonly<Record<string, unknown>> }
  /** One event of the upstream → the client's answer; entity fields are asked of other subgraphs on behalf of `context`. Never rejects. */
  render(event: SubgraphAnswer, context: FetchContext): Promise<GraphAnswer>
}

/** The engine of one supergraph. A new supergraph is a new engine; requests in flight end on the old one. */
export interface Engine {
  /** The public API, for validation, introspection and Apollo Server. */
  readonly schema: GraphQLSchema
  /** What the supergraph says of its live fields. */
  readonly live: LiveRules
  /** Where it reads and plans large documents; null when it does all here. */
  readonly aside: Aside | null
  /**
   * Plans a large document aside, in the form that a client who reads parts wants when `format` is given, so that whatever is asked of
   * the engine next holds nobody up. Null when there is nothing to wait for. What cannot be planned is told by what is asked next; rejects when
   * there is no room or no time for it.
   */
  foresee(request: GraphRequest, format: PartFormat | null): Promise<void> | null
  /** The same for an operation of which `PlansLong` was thrown: it is short and yet takes many steps. */
  planAside(request: GraphRequest): Promise<void>
  /** Queries and mutations. Never rejects: what fails is told in the body. */
  answer(request: GraphRequest): Promise<GraphAnswer>
  /** An operation with `@defer` that applies, for a client that reads answers in parts; null for all others, which `answer` answers. */
  answerInParts(request: GraphRequest, format: PartFormat): PartedAnswer | null
  /** The same in two steps: null when the request will be refused or wants to be foreseen, else what runs it. */
  begin(request: GraphRequest): (() => Promise<GraphAnswer>) | null
  /** A refused subscription is an answer with `failed: 'request'`. A fresh one, which can wait, throws `PlansLong` when it takes many steps. */
  planSubscription(request: GraphRequest, isFresh?: boolean): PlannedSubscription | GraphAnswer
  /** What was asked most often of it, the most used first. */
  mostUsed(most: number): readonly Occasion[]
  /** Plans what nobody has asked yet, a large document aside; false when it does not fit here. */
  warm(occasion: Occasion): Promise<boolean>
  /** What kind the operation is, without running it (a GET must not run a mutation); null when the document cannot be read. */
  kindOf(request: GraphRequest): 'query' | 'mutation' | 'subscription' | null
}

/** Who decides on what `@authenticated`, `@requiresScopes` and `@policy` protect. */
export const AUTHORIZATIONS = ['enforce', 'leave'] as const
export type Authorization = (typeof AUTHORIZATIONS)[number]

/** What an engine is made of. Everything that is left out has a default that suits a laptop. */
export interface EngineOptions {
  /** The supergraph's SDL. */
  readonly supergraph: string
  readonly subgraphs: Subgraphs
  readonly observer: Observer
  readonly chance?: Chance
  /** Which part of the graph clients see; without it all of it. */
  readonly contract?: Contract
  /** `enforce` (the default) asks nothing of subgraphs that whoever asks may not see; `leave` leaves it to the subgraphs. */
  readonly authorization?: Authorization
  /** Fields that tell the same to all who may see them, beside those of which the supergraph says so by `@live`. */
  readonly shared?: readonly string[]
  /** What grants a policy, by its name: any of the conditions, or the hook. */
  readonly policies?: Readonly<Record<string, readonly string[]>>
  readonly policy?: PolicyHook | null
  /** Labels of progressive `@override` that hold; `percent(…)` needs none. */
  readonly overrides?: readonly string[]
  /** `known` (the default) tells of subgraphs' errors only what bears a code of ours; `all` is for developers. */
  readonly telling?: Telling
  /** The most tokens of a document and the most selections that it may unfold to. */
  readonly mostTokens?: number
  readonly mostSelections?: number
  /** What an operation may cost; without it nothing is weighed. */
  readonly cost?: CostSettings
  /** Equal queries of one asker that are in flight together get one answer; on unless it is switched off. */
  readonly sharing?: boolean
  /** Times operations by their names. */
  readonly figures?: OperationFigures | null
  /** Where large documents are read and planned; without one all is done on the event loop. */
  readonly aside?: Aside | null
  /** Who lets queries through; without one they all run at once. */
  readonly turnstile?: Turnstile | null
}

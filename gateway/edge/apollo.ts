import { ApolloServer, type ApolloServerPlugin } from '@apollo/server'
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled'
import { GraphQLError, type DocumentNode, type GraphQLFormattedError, type GraphQLSchema } from 'graphql'
import { Failure } from '../../platform/failure.js'
import type { Observer } from '../../platform/observe/observer.js'
import type { Engine, GraphAnswer, GraphRequest } from '../engine.js'
import type { FetchContext } from '../fetch/ask-subgraph.js'
import { toldFaults } from '../operation/check-document.js'
import { deferRules } from '../operation/defer-rules.js'
import type { Allowance } from './allowance.js'
import type { Engines } from './engines.js'
import { retryAfter, statusOf } from './failure-reply.js'
import type { Idempotency } from './idempotency.js'
import type { KnownDocuments } from './known-documents.js'
import type { LargeDocuments } from './large-documents.js'
import { isStillAnAnswer } from './legacy-answers.js'
import { limitsRule } from '../operation/limits.js'
import type { Overload } from './overload.js'
import type { EdgeSettings } from './settings.js'
import { tracedStages } from './traced-stages.js'

/** What one HTTP request brings to Apollo Server, and what the log is told of it afterwards. */
export interface Asked {
  readonly context: FetchContext
  /** What the header `Idempotency-Key` says. */
  readonly key?: string | null
  /** Whether the answer had been given under the key before. */
  isReplayed?: boolean
  /** Nothing of it was executed. */
  isRefused?: boolean
  operation: string | null
  codes: readonly string[]
}

/** What Apollo Server is opened with. */
export interface ApolloParts {
  readonly engines: Engines
  /** Hears of every document that was found good. */
  readonly known: KnownDocuments
  readonly large: LargeDocuments
  readonly settings: EdgeSettings
  readonly overload: Overload
  readonly allowance: Allowance
  /** Whether somebody traces. */
  readonly traced: boolean
  readonly idempotency: Idempotency
  readonly observer: Observer
}

/** Apollo Server gives HTTP its manners; what it executes is ours, and comes back as finished text. */
export async function openApollo(parts: ApolloParts): Promise<ApolloServer<Asked>> {
  const { engines, settings, overload, traced, observer } = parts
  const apollo = new ApolloServer<Asked>({
    gateway: {
      load: () => Promise.resolve({ executor: (request) => execute(parts, request) }),
      onSchemaLoadOrUpdate: (tell) =>
        engines.follow((engine) => tell({ apiSchema: engine.schema, coreSupergraphSdl: '' })),
      stop: () => Promise.resolve(),
    },
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      codesOf,
      knowing(parts),
      admitting(overload, parts.allowance),
      ...(traced ? [tracedStages] : []),
    ],
    csrfPrevention: false, // edge/cross-site.ts decides: only a cookie makes a forged request worth anything
    introspection: settings.introspection,
    hideSchemaDetailsFromClientErrors: settings.hideSchema,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    ...(!settings.documents.automatic && { persistedQueries: false }),
    allowBatchedHttpRequests: settings.batch > 0,
    documentStore: null, // `known` has every good document
    parseOptions: { maxLexicalTokens: settings.limits.tokens },
    validationOptions: toldFaults(settings),
    validationRules: [...deferRules, limitsRule(settings.limits, parts.large.isWithin)],
    stringifyResult: ({ data, ...rest }) => (data instanceof Ready ? data.text : JSON.stringify({ ...rest, data })),
    formatError: (formatted, error) => toldError(formatted, error, observer),
    logger: quiet(observer),
  })
  await apollo.start()
  return apollo
}

/** Finished text of a whole answer on its way through Apollo Server. */
class Ready {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** An error that the engine has already written; it tells itself as it was written. */
class Written extends GraphQLError {
  readonly #written: GraphQLFormattedError

  constructor(written: GraphQLFormattedError) {
    super(written.message, { extensions: written.extensions })
    this.#written = written
  }

  override toJSON(): GraphQLFormattedError {
    return this.#written
  }
}

/** The part of Apollo's gateway context that we read. */
interface GatewayRequest {
  readonly schema: GraphQLSchema
  readonly source: string
  readonly document: DocumentNode
  readonly request: { readonly operationName?: string; readonly variables?: Record<string, unknown> }
  readonly context: Record<string, unknown>
}

interface Executed {
  readonly data?: Record<string, unknown>
  readonly errors?: readonly GraphQLError[]
}

async function execute(
  { engines, known, idempotency }: ApolloParts,
  { schema, source, document, request, context }: GatewayRequest,
): Promise<Executed> {
  const engine = engines.of(schema)
  known.learn(engine, source, document)
  const asked = context as unknown as Asked // Apollo Server types a gateway's context loosely; it is what our handler gave
  const { operationName = null, variables = null } = request
  const wanted = { text: source, parsed: document, operationName, variables, context: asked.context }
  const answer = await answerOnce({ engine, idempotency, asked }, wanted)
  asked.operation = answer.kind
  asked.codes = answer.codes
  asked.isRefused = answer.failed === 'request'
  if (asked.isRefused) return { errors: errorsOf(answer) }
  return { data: new Ready(answer.body) as unknown as Record<string, unknown> } // only `stringifyResult` looks inside
}

/** A mutation that bears a key is run once. */
async function answerOnce(
  { engine, idempotency, asked }: { engine: Engine; idempotency: Idempotency; asked: Asked },
  wanted: GraphRequest,
): Promise<GraphAnswer> {
  const key = asked.key ?? null
  if (key === null || engine.kindOf(wanted) !== 'mutation') return engine.answer(wanted)
  const { operationName, variables, context, text } = wanted
  const run = (): Promise<GraphAnswer> => engine.answer(wanted)
  try {
    const { answer, isReplayed } = await idempotency.answer({ context, key, text, operationName, variables }, run)
    asked.isReplayed = isReplayed
    return answer
  } catch (refusal) {
    if (!(refusal instanceof Failure)) throw refusal
    throw new GraphQLError(refusal.message, { extensions: { code: refusal.code } })
  }
}

function errorsOf(answer: GraphAnswer): readonly Written[] {
  const { errors } = JSON.parse(answer.body) as { errors: readonly GraphQLFormattedError[] } // the engine wrote it
  return errors.map((error) => new Written(error))
}

/** Refusals before execution never pass `execute`; the log and the figures still want their codes. */
const codesOf: ApolloServerPlugin<Asked> = {
  requestDidStart: () =>
    Promise.resolve({
      didEncounterErrors({ contextValue, errors, operation }) {
        contextValue.codes = errors.map((error) => codeOf(error))
        contextValue.operation ??= operation?.operation ?? null
        return Promise.resolve()
      },
      willSendResponse({ request, response, contextValue }) {
        const { status, headers } = response.http
        if (contextValue.isReplayed === true) headers.set('idempotent-replayed', 'true')
        if (contextValue.codes.includes('BUSY')) {
          if (headers.get('retry-after') === undefined) headers.set('retry-after', '1')
          if (contextValue.isRefused === true) response.http.status = 503
        }
        if (status === 400 && isStillAnAnswer(request.http?.headers.get('accept'), contextValue.codes))
          response.http.status = 200
        return Promise.resolve()
      },
    }),
}

/** A document that somebody has found good for the same schema is not read and validated again. */
function knowing({ engines, known }: ApolloParts): ApolloServerPlugin<Asked> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        didResolveSource(context) {
          const document = known.of(engines.of(context.schema), context.source)?.document
          // Apollo Server reads a document only where there is none; its types call the place read-only, for it means to fill it itself.
          if (document !== undefined) Object.assign(context, { document })
          return Promise.resolve()
        },
      }),
  }
}

/** Refuses before execution what there is no time for, and what is over its asker's quota. */
function admitting(overload: Overload, allowance: Allowance): ApolloServerPlugin<Asked> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        async didResolveOperation({ operation, document, contextValue: { context }, response }) {
          const refused = overload.refusal(operation) ?? (await allowance.take(context, document, operation))
          if (refused === null) return
          response.http.status = statusOf(refused)
          const seconds = retryAfter(refused)
          if (seconds !== null) response.http.headers.set('retry-after', seconds)
          const { message, code, details } = refused
          throw new GraphQLError(message, { extensions: { code, ...details } })
        },
      }),
  }
}

/** A limit keeps its own code among the errors of validation; what Apollo Server refuses with a status alone is the client's fault. */
function codeOf({ extensions, originalError }: GraphQLError): string {
  const cause = originalError instanceof GraphQLError ? originalError.extensions['code'] : undefined
  const code = cause === 'LIMIT_EXCEEDED' ? cause : extensions['code']
  if (typeof code === 'string') return code
  const { status } = (extensions['http'] ?? {}) as { readonly status?: number } // Apollo Server's own head of a reply
  return status === 400 ? 'BAD_REQUEST' : 'INTERNAL_SERVER_ERROR'
}

/** A fault of ours tells nothing but its code. */
function toldError(formatted: GraphQLFormattedError, error: unknown, observer: Observer): GraphQLFormattedError {
  if (error instanceof Written) return formatted
  const code = error instanceof GraphQLError ? codeOf(error) : 'INTERNAL_SERVER_ERROR'
  if (code !== 'INTERNAL_SERVER_ERROR') return { ...formatted, extensions: { ...formatted.extensions, code } }
  observer.log('error', 'a request failed', { error })
  return { message: 'something of ours failed', extensions: { code } }
}

function quiet(observer: Observer): Record<'debug' | 'info' | 'warn' | 'error', (message?: unknown) => void> {
  const at = (level: 'debug' | 'warn' | 'error') => (message?: unknown) => observer.log(level, String(message))
  return { debug: at('debug'), info: at('debug'), warn: at('warn'), error: at('error') }
}

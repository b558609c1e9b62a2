import { ApolloServer, type ApolloServerPlugin } from '@apollo/server'
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled'
import { GraphQLError, type DocumentNode, type GraphQLFormattedError, type GraphQLSchema } from 'graphql'
import type { Observer } from '../../platform/observe/observer.js'
import type { Engine, GraphAnswer } from '../answer.js'
import type { FetchContext } from '../fetch/ask-subgraph.js'
import { mediaType } from './cross-site.js'
import type { Engines } from './engines.js'
import { limitsRule } from './limits.js'
import type { Overload } from './overload.js'
import type { EdgeSettings } from './settings.js'

/** What one HTTP request brings to Apollo Server, and what the log is told of it afterwards. */
export interface Asked {
  readonly context: FetchContext
  operation: string | null
  codes: readonly string[]
}

/** What Apollo Server is opened with. */
export interface ApolloParts {
  readonly engines: Engines
  readonly settings: EdgeSettings
  readonly overload: Overload
  readonly observer: Observer
}

/** Apollo Server gives HTTP its manners; what it executes is ours, and comes back as finished text. */
export async function openApollo({ engines, settings, overload, observer }: ApolloParts): Promise<ApolloServer<Asked>> {
  const apollo = new ApolloServer<Asked>({
    gateway: {
      load: () => Promise.resolve({ executor: (request) => execute(engines.of(request.schema), request) }),
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
      admitting(overload),
    ],
    csrfPrevention: false, // edge/cross-site.ts decides: only a cookie makes a forged request worth anything
    introspection: settings.introspection,
    hideSchemaDetailsFromClientErrors: settings.hideSchema,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    ...(!settings.documents.automatic && { persistedQueries: false }),
    allowBatchedHttpRequests: settings.batch > 0,
    parseOptions: { maxLexicalTokens: settings.limits.tokens },
    validationRules: [limitsRule(settings.limits)],
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

async function execute(engine: Engine, { source, document, request, context }: GatewayRequest): Promise<Executed> {
  const asked = context as unknown as Asked // Apollo Server types a gateway's context loosely; it is what our handler gave
  const answer = await engine.answer({
    text: source,
    parsed: document,
    operationName: request.operationName ?? null,
    variables: request.variables ?? null,
    context: asked.context,
  })
  asked.operation = answer.kind
  asked.codes = answer.codes
  if (answer.failed === 'request') return { errors: errorsOf(answer) }
  return { data: new Ready(answer.body) as unknown as Record<string, unknown> } // only `stringifyResult` looks inside
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
        const { status } = response.http
        if (status === 400 && isLegacy(request.http?.headers.get('accept')) && contextValue.codes.every(isOfDocument))
          response.http.status = 200
        return Promise.resolve()
      },
    }),
}

/** Refuses before execution what there is no time for. */
function admitting(overload: Overload): ApolloServerPlugin<Asked> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        didResolveOperation({ operation, response }) {
          const busy = overload.refusal(operation)
          if (busy === null) return Promise.resolve()
          response.http.status = 503
          response.http.headers.set('retry-after', '1')
          return Promise.reject(new GraphQLError(busy.message, { extensions: { code: busy.code } }))
        },
      }),
  }
}

/** GraphQL over HTTP, "application/json": for clients that read nothing newer, a document that was refused is still an answer (200). */
function isLegacy(accept: string | undefined): boolean {
  return mediaType(accept?.split(',')[0]) === 'application/json' && !/graphql-response|\*\/\*/.test(accept ?? '')
}

function isOfDocument(code: string): boolean {
  return ['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'BAD_USER_INPUT'].includes(code)
}

/** A limit keeps its own code among the errors of validation. */
function codeOf({ extensions, originalError }: GraphQLError): string {
  const cause = originalError instanceof GraphQLError ? originalError.extensions['code'] : undefined
  const code = cause === 'LIMIT_EXCEEDED' ? cause : extensions['code']
  return typeof code === 'string' ? code : 'INTERNAL_SERVER_ERROR'
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

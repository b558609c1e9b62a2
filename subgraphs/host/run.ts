import Fastify from 'fastify'
import { createSourceEventStream, execute, Kind, parse, validate, type DocumentNode, type GraphQLSchema } from 'graphql'
import mercurius, { type preExecutionHookHandler } from 'mercurius'
import { migrate } from '../../platform/db/migrate.js'
import { Failure } from '../../platform/failure.js'
import type { Observer } from '../../platform/observe/observer.js'
import type { Identity } from '../../schema/identity.js'
import { fillDefaults, type FillDefaults } from './input-defaults.js'
import { mappedStream } from './mapped-stream.js'
import type { Door } from '../../platform/http/door.js'
import type { Ground, RunningSubgraph, Subgraph } from './subgraph.js'
import { refusedRequest, toldErrors, type ToldError } from './told-errors.js'

/** One operation for a subgraph: a document with exactly one operation in it. */
export interface SubgraphQuestion {
  readonly query: string
  readonly operationName?: string | null
  readonly variables?: Readonly<Record<string, unknown>>
}

/** What a subgraph answers. */
export interface SubgraphReply {
  readonly data?: unknown
  readonly errors?: readonly ToldError[]
}

/** A subgraph that answers: reached in process as it is, and served over HTTP by `serve.ts`. */
export interface HostedSubgraph {
  readonly name: string
  readonly schema: GraphQLSchema
  readonly doors: readonly Door[]
  ask(question: SubgraphQuestion, who: Identity): Promise<SubgraphReply>
  /** Every event is executed with loaders of its own; a subscription that may not begin gives its errors as the only answer. */
  subscribe(question: SubgraphQuestion, who: Identity): Promise<AsyncIterableIterator<SubgraphReply>>
  stop(): Promise<void>
}

/** migrate -> start on the ground -> Mercurius with JIT, with no socket open yet. */
export async function runSubgraph(subgraph: Subgraph, ground: Ground): Promise<HostedSubgraph> {
  await migrate(ground.db, subgraph.name, subgraph.migrations)
  const running = await subgraph.start(ground)
  const app = Fastify({ logger: false })
  await app.register(mercurius, {
    schema: subgraph.schema,
    jit: 1,
    routes: false,
    // As they are: its own formatter would lose the failures that `toldErrors` looks for.
    errorFormatter: (execution) => ({ statusCode: 200, response: execution }),
  })
  await app.ready()
  app.graphql.addHook('preValidation', async (_schema, document) => {
    await Promise.resolve()
    refuseSeveralOperations(document)
  })
  app.graphql.addHook('preExecution', filling())
  const told = { subgraph: subgraph.name, observer: ground.observer }
  return {
    name: subgraph.name,
    schema: subgraph.schema,
    doors: running.doors,
    ask: (question, who) => ask(app, { question, context: running.context(who), told }),
    subscribe: (question, who) => subscribe(subgraph, running, { question, who, told }),
    async stop() {
      await app.close()
      await running.stop()
    },
  }
}

/** Who hears of faults. */
interface Told {
  readonly subgraph: string
  readonly observer: Observer
}

async function ask(
  app: { readonly graphql: (source: string, context: object, variables: object, name?: string) => Promise<Executed> },
  { question, context, told }: { question: SubgraphQuestion; context: object; told: Told },
): Promise<SubgraphReply> {
  try {
    const name = question.operationName ?? undefined
    return replied(await app.graphql(question.query, context, question.variables ?? {}, name), told)
  } catch (error) {
    return refused(error, told)
  }
}

/** What graphql-js and graphql-jit give back. */
interface Executed {
  readonly data?: unknown
  readonly errors?: readonly unknown[] | undefined
}

function replied({ data, errors }: Executed, told: Told): SubgraphReply {
  return errors === undefined || errors.length === 0
    ? { data }
    : { data: data ?? null, errors: toldErrors(errors, told) }
}

/** Mercurius throws what is wrong with a document, and keeps graphql's errors in `errors`. */
function refused(error: unknown, told: Told): SubgraphReply {
  const errors: unknown = error instanceof Error && 'errors' in error ? error.errors : null
  // Only Mercurius's own refusals carry a list of them.
  if (Array.isArray(errors)) return { errors: refusedRequest(errors as readonly Error[], 'GRAPHQL_VALIDATION_FAILED') }
  return { errors: toldErrors([error], told) }
}

/**
 * The cache of graphql-jit is keyed by the text of a document: with two operations in it, the first that was compiled would
 * answer for both. Runs for every document that is not in Mercurius's cache yet, and what it refuses never gets there.
 */
function refuseSeveralOperations(document: DocumentNode): void {
  const operations = document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION)
  if (operations.length !== 1)
    throw new Failure('BAD_USER_INPUT', 'a document for a subgraph holds exactly one operation')
}

/** Looks once at each document that Mercurius keeps; one that needs no filling costs a look into the map. */
function filling(): preExecutionHookHandler {
  const fillers = new WeakMap<DocumentNode, FillDefaults | null>()
  return async (schema, document, _context, variables) => {
    await Promise.resolve()
    let fill = fillers.get(document)
    if (fill === undefined) fillers.set(document, (fill = fillDefaults(schema, document)))
    return fill === null ? undefined : { variables: fill(variables) }
  }
}

/** Mercurius validates no subscription, keeps one context for all its events and knows no back-pressure; so this is graphql-js. */
async function subscribe(
  { schema }: Subgraph,
  running: RunningSubgraph,
  { question, who, told }: { question: SubgraphQuestion; who: Identity; told: Told },
): Promise<AsyncIterableIterator<SubgraphReply>> {
  let document: DocumentNode
  try {
    document = parse(question.query)
    refuseSeveralOperations(document)
  } catch (error) {
    return only({ errors: toldErrors([error], told) })
  }
  const invalid = validate(schema, document)
  if (invalid.length > 0) return only({ errors: refusedRequest(invalid, 'GRAPHQL_VALIDATION_FAILED') })
  const operation = { schema, document, variableValues: question.variables ?? {} }
  const stream = await createSourceEventStream({ ...operation, contextValue: running.context(who) })
  if (!(Symbol.asyncIterator in stream)) return only(replied(stream, told))
  return mappedStream(stream, async (event) =>
    replied(await execute({ ...operation, rootValue: event, contextValue: running.context(who) }), told),
  )
}

async function* only(reply: SubgraphReply): AsyncIterableIterator<SubgraphReply> {
  yield await Promise.resolve(reply)
}

import type { ServerResponse } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { fields } from '../../../platform/decode.js'
import { Failure } from '../../../platform/failure.js'
import type { Chance } from '../../../platform/time/chance.js'
import type { Cancel } from '../../../platform/time/clock.js'
import type { SharedAnswer } from '../../live/shared-answer.js'
import type { Sink } from '../../live/sink.js'
import { untilExpiry, type Asker, type ReadBearer } from '../bearer.js'
import { checkCrossSite } from '../cross-site.js'
import { readBody, type Reading } from '../read-request.js'
import { runOperation, type End } from '../run-operation.js'
import type { StreamParts } from './open-streams.js'
import { wantedOperation } from './wanted-operation.js'

/** What the single connection mode is built of. */
export interface SingleConnectionParts extends StreamParts {
  readonly bearer: ReadBearer
  readonly reading: Reading
  readonly mostOperations: number
  readonly chance: Chance
}

/** A place that a client has asked for, and what runs on it. */
interface Reservation {
  readonly asker: Asker
  readonly running: Map<string, End>
  /** What was told before the stream was opened. */
  readonly early: (string | Buffer)[]
  raw: ServerResponse | null
  cancel: Cancel
}

/** How long a place is kept for a stream that does not come, and how many places there are. */
const RESERVED_MS = 30_000
const MOST_RESERVED = 50_000
/** Pieces that wait for a stream; one that does not come in its time loses them with its place. */
const MOST_EARLY = 1_000

/** GraphQL over Server-Sent Events, "Single connection mode", at `/graphql/stream`: PUT makes a place, GET opens it, POST runs on it, DELETE ends an operation. */
export function mountSingleConnection(server: FastifyInstance, parts: SingleConnectionParts): { close(): void } {
  const places = new Map<string, Reservation>()
  const url = '/graphql/stream'

  server.put(url, async (request, reply) => {
    checkCrossSite(request.headers)
    if (places.size >= MOST_RESERVED) throw new Failure('BUSY', 'too many streams are reserved')
    const asker = await parts.bearer(request.headers.authorization)
    const token = parts.chance.uuid()
    const cancel = parts.clock.after(RESERVED_MS, () => {
      for (const end of places.get(token)?.running.values() ?? []) end()
      places.delete(token)
    })
    places.set(token, { asker, running: new Map(), early: [], raw: null, cancel })
    return await reply.code(201).type('text/plain; charset=utf-8').send(token)
  })

  server.get(url, (request, reply) => {
    const [token, place] = placeOf(request)
    if (place.raw !== null) throw new Failure('CONFLICT', 'the stream is open already')
    reply.hijack()
    open(token, place, reply)
  })

  server.post(url, async (request, reply) => {
    const [, place] = placeOf(request)
    request.body = readBody(request.headers, request.body, parts.reading)
    begin(place, request)
    return await reply.code(202).send()
  })

  server.delete(url, (request, reply) => {
    const [, { running }] = placeOf(request)
    const id = searchOf(request).get('operationId') ?? ''
    const end = running.get(id)
    running.delete(id)
    end?.()
    return reply.code(200).send()
  })

  function placeOf(request: FastifyRequest): readonly [string, Reservation] {
    const header = request.headers['x-graphql-event-stream-token']
    const token = (typeof header === 'string' ? header : null) ?? searchOf(request).get('token') ?? ''
    const place = places.get(token)
    if (place === undefined) throw new Failure('NOT_FOUND', 'no stream is reserved under this token')
    return [token, place]
  }

  function open(token: string, place: Reservation, { raw }: FastifyReply): void {
    place.cancel()
    place.raw = raw
    raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    })
    for (const part of [':\n\n', ...place.early.splice(0)]) raw.write(part)
    place.cancel = untilExpiry(place.asker.who, parts.clock, () => raw.end())
    raw.once('close', () => {
      places.delete(token)
      place.cancel()
      for (const end of place.running.values()) end()
    })
  }

  function begin(place: Reservation, request: FastifyRequest): void {
    const context = { ...place.asker, requestId: request.id, signal: null }
    const operation = wantedOperation(request, context)
    const id = operationId(request.body)
    if (place.running.has(id)) throw new Failure('CONFLICT', `an operation ${id} runs already`)
    if (place.running.size >= parts.mostOperations) throw new Failure('BUSY', 'too many operations on one stream')
    place.running.set(id, () => undefined)
    const end = runOperation(parts, operation, sinkOf(place, id))
    if (place.running.has(id)) place.running.set(id, end)
    else end()
  }

  return {
    close() {
      for (const { raw } of places.values()) raw?.end()
    },
  }
}

/** The shared end of an event: the client's own id stands before it. */
function tail(body: string): Buffer {
  return Buffer.from(`${body.replace(/\r?\n/g, '\ndata: ')}}\n\n`)
}

function sinkOf(place: Reservation, id: string): Sink {
  const head = `event: next\ndata: {"id":${JSON.stringify(id)},"payload":`
  const write = (...parts: readonly (string | Buffer)[]): void => {
    for (const part of parts) {
      if (place.raw?.writable === true) place.raw.write(part)
      else if (place.raw === null && place.early.length < MOST_EARLY) place.early.push(part)
    }
  }
  const complete = (): void => {
    if (place.running.delete(id)) write(`event: complete\ndata: {"id":${JSON.stringify(id)}}\n\n`)
  }
  return {
    next: (answer: SharedAnswer) => write(head, answer.bytes(tail)),
    fail(errors) {
      if (place.running.has(id)) write(head, `{"errors":${errors}}}\n\n`)
      complete()
    },
    complete,
    backlog: () => place.raw?.writableLength ?? 0,
    drop: () => place.raw?.destroy(),
  }
}

function operationId(body: unknown): string {
  const extensions = fields(body, 'the body')['extensions']
  const id =
    extensions === undefined || extensions === null ? undefined : fields(extensions, 'extensions')['operationId']
  if (typeof id !== 'string' || id === '') throw new Failure('BAD_USER_INPUT', 'extensions.operationId is missing')
  return id
}

function searchOf({ url }: FastifyRequest): URLSearchParams {
  return new URL(url, 'http://gateway').searchParams
}

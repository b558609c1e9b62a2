import type { ServerResponse } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { fields } from '../../../platform/decode.js'
import { Failure } from '../../../platform/failure.js'
import type { Chance } from '../../../platform/time/chance.js'
import type { Cancel } from '../../../platform/time/clock.js'
import type { SharedAnswer } from '../../live/shared-answer.js'
import type { Sink } from '../../live/sink.js'
import { checkAddress } from '../address.js'
import { untilExpiry, type Asker, type ReadBearer } from '../bearer.js'
import { checkCrossSite } from '../cross-site.js'
import { errorList } from '../failure-reply.js'
import { readBody, type Reading } from '../read-request.js'
import { unpackBody } from '../unpack-body.js'
import { runOperation, type End } from '../run-operation.js'
import type { StreamParts, Streams } from './open-streams.js'
import { wantedOperation } from './wanted-operation.js'

/** What the single connection mode is built of. */
export interface SingleConnectionParts extends StreamParts {
  readonly bearer: ReadBearer
  readonly reading: Reading
  readonly mostOperations: number
  /** Bytes that may wait for a client that does not read, and for a stream that is not open yet. */
  readonly mostBacklog: number
  readonly chance: Chance
}

/** A place that a client has asked for, and what runs on it. */
interface Reservation {
  readonly asker: Asker
  readonly running: Map<string, End>
  /** What was told before the stream was opened. */
  readonly early: (string | Buffer)[]
  earlyBytes: number
  raw: ServerResponse | null
  cancel: Cancel
}

/** How long a place is kept for a stream that does not come, and how many places there are. */
const RESERVED_MS = 30_000
const MOST_RESERVED = 50_000

/** GraphQL over Server-Sent Events, "Single connection mode", at `/graphql/stream`: PUT makes a place, GET opens it, POST runs on it, DELETE ends an operation. */
export function mountSingleConnection(server: FastifyInstance, parts: SingleConnectionParts): Pick<Streams, 'close'> {
  const places = new Map<string, Reservation>()
  const url = '/graphql/stream'

  server.put(url, async (request, reply) => {
    checkCrossSite(request.headers)
    if (places.size >= MOST_RESERVED) throw new Failure('BUSY', 'too many streams are reserved')
    const asker = await parts.bearer(request.headers.authorization, request.ip)
    const token = parts.chance.uuid()
    const cancel = parts.clock.after(RESERVED_MS, () => forget(token))
    places.set(token, { asker, running: new Map(), early: [], earlyBytes: 0, raw: null, cancel })
    return await reply.code(201).type('text/plain; charset=utf-8').send(token)
  })

  server.get(url, (request, reply) => {
    const [token, place] = placeOf(request)
    if (place.raw !== null) throw new Failure('CONFLICT', 'the stream is open already')
    reply.hijack()
    open(token, place, reply)
  })

  const unpack = unpackBody(parts.reading.settings.limits.bodyBytes)
  server.post(url, { preParsing: unpack }, async (request, reply) => {
    checkCrossSite(request.headers)
    const [token, place] = placeOf(request)
    request.body = readBody(request.headers, request.body, parts.reading)
    begin(token, place, request)
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
    checkAddress(place.asker.who, request.ip)
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
    place.cancel = untilExpiry(place.asker.who, parts.clock, () => dismiss(token, place, EXPIRED))
    raw.once('close', () => forget(token))
  }

  /** Whatever runs at a place ends with it. */
  function forget(token: string): void {
    const place = places.get(token)
    if (place === undefined) return
    places.delete(token)
    place.cancel()
    place.raw?.destroy()
    for (const end of place.running.values()) end()
  }

  function unread(token: string): void {
    if (!places.has(token)) return
    parts.observer.count('stream.unread')
    forget(token)
  }

  function begin(token: string, place: Reservation, request: FastifyRequest): void {
    const context = { ...place.asker, requestId: request.id, signal: null, carried: parts.carry(request.headers) }
    const operation = wantedOperation(request, context)
    const id = operationId(request.body)
    if (place.running.has(id)) throw new Failure('CONFLICT', `an operation ${id} runs already`)
    if (place.running.size >= parts.mostOperations) throw new Failure('BUSY', 'too many operations on one stream')
    place.running.set(id, () => undefined)
    const end = runOperation(parts, operation, sinkAt(token, place, id))
    if (place.running.has(id)) place.running.set(id, end)
    else end()
  }

  function sinkAt(token: string, place: Reservation, id: string): Sink {
    return sinkOf(place, id, { mostBacklog: parts.mostBacklog, full: () => unread(token) })
  }

  /** Every operation of the stream is told why it is over, then the stream is. */
  function dismiss(token: string, place: Reservation, why: Failure): void {
    const errors = errorList([why])
    for (const [id, end] of [...place.running]) {
      sinkAt(token, place, id).fail(errors)
      end()
    }
    place.raw?.end()
  }

  return {
    close(farewell) {
      for (const [token, place] of places) farewell(() => dismiss(token, place, AWAY))
    },
  }
}

const EXPIRED = new Failure('UNAUTHENTICATED', 'the token has expired')
const AWAY = new Failure('BUSY', 'the gateway goes away; come back')

/** The shared end of an event: the client's own id stands before it. */
function tail(body: string): Buffer {
  return Buffer.from(`${body.replace(/\r?\n/g, '\ndata: ')}}\n\n`)
}

/** Bytes that wait at a place: for its client to read, or for its stream to be opened. */
function backlogOf({ raw, earlyBytes }: Reservation): number {
  return raw?.writableLength ?? earlyBytes
}

interface Bound {
  readonly mostBacklog: number
  full(): void
}

function sinkOf(place: Reservation, id: string, bound: Bound): Sink {
  const head = `event: next\ndata: {"id":${JSON.stringify(id)},"payload":`
  const write = (...parts: readonly (string | Buffer)[]): void => {
    if (backlogOf(place) > bound.mostBacklog) bound.full()
    else for (const part of parts) put(place, part)
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
    backlog: () => backlogOf(place),
    drop: () => bound.full(),
  }
}

function put(place: Reservation, part: string | Buffer): void {
  if (place.raw !== null) {
    if (place.raw.writable) place.raw.write(part)
    return
  }
  place.early.push(part)
  place.earlyBytes += part.length
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

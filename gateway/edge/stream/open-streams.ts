import type { FastifyReply, FastifyRequest } from 'fastify'
import { Failure } from '../../../platform/failure.js'
import type { Observer } from '../../../platform/observe/observer.js'
import { repeat, type Clock } from '../../../platform/time/clock.js'
import { untilExpiry } from '../bearer.js'
import { errorList } from '../failure-reply.js'
import type { Farewell } from '../farewell.js'
import type { Asked } from '../apollo.js'
import { runOperation, type OperationParts, type WantedOperation } from '../run-operation.js'
import { takeInParts } from './answer-parts.js'
import { AnswerStream } from './answer-stream.js'
import { streamProtocol, type StreamProtocol } from './stream-protocols.js'
import { wantedOperation } from './wanted-operation.js'

/** What streams are built of. */
export interface StreamParts extends OperationParts {
  readonly pingMs: number
  readonly clock: Clock
  readonly observer: Observer
}

/** The open streams of answers over plain HTTP. */
export interface Streams {
  /** True when the client wanted a stream, which then has the response to itself. */
  take(request: FastifyRequest, reply: FastifyReply, asked: Asked): boolean
  /** Tells every client that we go away. */
  close(farewell: Farewell): void
}

/** Server-Sent Events and multipart responses at `/graphql`, for clients that ask for them by `accept`. */
export function openStreams(parts: StreamParts): Streams {
  const { clock, observer } = parts
  const open = new Set<AnswerStream>()
  const stopBeating = repeat(clock, parts.pingMs, () => {
    for (const stream of open) stream.beat()
  })

  function begin(protocol: StreamProtocol, operation: WantedOperation, reply: FastifyReply): void {
    const stream = new AnswerStream(reply.raw, protocol, headersOf(reply))
    open.add(stream)
    observer.gauge('stream.open', open.size)
    const end = runOperation(parts, operation, stream)
    const expire = untilExpiry(operation.context.who, clock, () =>
      stream.fail(errorList([new Failure('UNAUTHENTICATED', 'the token has expired')])),
    )
    reply.raw.once('close', () => {
      open.delete(stream)
      observer.gauge('stream.open', open.size)
      expire()
      end()
    })
  }

  return {
    take(request, reply, asked) {
      const protocol = streamProtocol(request.headers.accept)
      if (protocol === null) return takeInParts(parts, { request, reply }, asked)
      if (Array.isArray(request.body)) return false
      const operation = { ...wantedOperation(request, asked.context), lastEvent: lastEventOf(request) }
      if (protocol.name === 'multipart' && !wantsSubscription(parts, operation)) return false
      reply.hijack()
      begin(protocol, operation, reply)
      return true
    },
    close(farewell) {
      stopBeating()
      const errors = errorList([new Failure('BUSY', 'the gateway goes away; come back')])
      for (const stream of open) farewell(() => stream.fail(errors))
    },
  }
}

/** Apollo's client names multipart among what it accepts only for subscriptions, others for everything. */
function wantsSubscription({ engines, readOperation }: OperationParts, operation: WantedOperation): boolean {
  const read = readOperation(engines.now, operation.wanted, operation.context.carried?.span ?? null)
  if ('refused' in read) return false
  const { operationName, variables, context } = operation
  return (
    engines.now.kindOf({ text: read.text, parsed: read.document, operationName, variables, context }) === 'subscription'
  )
}

/** What the server's hooks have put on the reply already: the request id, and whom the answer may be shown to. */
function headersOf(reply: FastifyReply): Record<string, string> {
  return Object.fromEntries(Object.entries(reply.getHeaders()).map(([name, value]) => [name, String(value)]))
}

/** What an EventSource says by itself when it comes back. */
function lastEventOf({ headers }: FastifyRequest): string | null {
  const sent = headers['last-event-id']
  return typeof sent === 'string' && sent !== '' ? sent : null
}

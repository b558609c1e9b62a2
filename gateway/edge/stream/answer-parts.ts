import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { getOperationAST, OperationTypeNode } from 'graphql'
import type { Observer } from '../../../platform/observe/observer.js'
import type { Clock } from '../../../platform/time/clock.js'
import type { PartedAnswer } from '../../answer-parts.js'
import type { PartFormat } from '../../project/part-forms.js'
import type { Asked } from '../apollo.js'
import type { OperationParts, WantedOperation } from '../run-operation.js'
import { partFormat } from './part-formats.js'
import { wantedOperation } from './wanted-operation.js'

/** What answers in parts are built of. */
export interface PartsParts extends OperationParts {
  readonly clock: Clock
  readonly observer: Observer
}

/** How long a client may leave a part unread; nothing more is made for it meanwhile. */
const MOST_UNREAD_MS = 30_000

/**
 * Answers in parts for clients that ask for them by `accept`, when the operation has a `@defer` that applies. True when it has
 * the response to itself; whatever is refused, or has nothing to tell later, goes the way of whole answers.
 */
export function takeInParts(
  parts: PartsParts,
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
  asked: Asked,
): boolean {
  const format = partFormat(request.headers.accept)
  // What is counted against a quota has its one door; a partner's server reads whole answers anyway.
  if (format === null || Array.isArray(request.body) || asked.context.who.credential !== undefined) return false
  const answer = begun(parts, request, asked.context, format)
  if (answer === null) return false
  reply.hijack()
  openResponse(reply, format)
  void tell(answer, reply.raw, parts.clock).finally(() => {
    asked.codes = answer.codes
    parts.observer.count('parts.answered', { format, outcome: outcomeOf(reply.raw, answer) })
  })
  return true
}

function begun(
  { engines, readOperation, overload }: PartsParts,
  request: FastifyRequest,
  context: Asked['context'],
  format: PartFormat,
): PartedAnswer | null {
  const engine = engines.now
  const asked = readable(request, context)
  if (asked === null) return null
  const { wanted, operationName, variables, mayChange } = asked
  const read = readOperation(engine, wanted, context.carried?.span ?? null)
  if ('refused' in read) return null
  const operation = getOperationAST(read.document, operationName)
  if (!operation || overload.refusal(operation) !== null) return null
  if (operation.operation !== OperationTypeNode.QUERY && !mayChange) return null
  return engine.answerInParts({ text: read.text, parsed: read.document, operationName, variables, context }, format)
}

function readable(request: FastifyRequest, context: Asked['context']): WantedOperation | null {
  try {
    return wantedOperation(request, context)
  } catch {
    return null // the way of whole answers refuses it
  }
}

/** Headers and the first boundary go out at once, before the first part is there. */
function openResponse(reply: FastifyReply, format: PartFormat): void {
  const headers = Object.entries(reply.getHeaders()).map(([name, value]) => [name, String(value)] as const)
  reply.raw.writeHead(200, {
    ...Object.fromEntries(headers),
    'content-type': `multipart/mixed;boundary="-";${format}`,
    'cache-control': 'no-store',
    'x-accel-buffering': 'no', // a proxy of nginx's kind would collect the parts otherwise
  })
  reply.raw.write('\r\n---')
}

/** The boundary stands behind a part: a client takes a part when it sees its end. */
async function tell(answer: PartedAnswer, raw: ServerResponse, clock: Clock): Promise<void> {
  for (let text = await answer.next(); text !== null; text = await answer.next()) {
    if (raw.destroyed) return
    const isTaken = raw.write(`\r\ncontent-type: application/json; charset=utf-8\r\n\r\n${text}\r\n---`)
    if (!isTaken) await taken(raw, clock)
  }
  if (!raw.destroyed) raw.end('--\r\n')
}

/** The next part is made when this one is on its way: a slow client costs no more than one. */
async function taken(raw: ServerResponse, clock: Clock): Promise<void> {
  const giveUp = clock.after(MOST_UNREAD_MS, () => raw.destroy())
  await Promise.race([once(raw, 'drain'), once(raw, 'close')]).catch(() => undefined)
  giveUp()
}

function outcomeOf(raw: ServerResponse, answer: PartedAnswer): string {
  if (!raw.writableEnded) return 'left'
  return answer.codes.length > 0 ? 'fields' : 'nothing'
}

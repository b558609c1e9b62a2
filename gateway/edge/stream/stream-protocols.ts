import type { Wrap } from '../../live/shared-answer.js'

/** How answers follow each other in one HTTP response. */
export interface StreamProtocol {
  readonly name: 'sse' | 'multipart'
  readonly contentType: string
  /** Sent at once, so that the client knows that it is heard. */
  readonly begin: string
  /** One answer, the same bytes for every client. */
  readonly next: Wrap
  /** The operation failed; `errors` is the JSON text of a list. */
  readonly fail: (errors: string) => string
  readonly end: string
  /** Keeps proxies from thinking that nobody is there. */
  readonly beat: string
}

/** GraphQL over Server-Sent Events, "Distinct connections mode". Errors before execution are told as events too: an EventSource sees no status. */
export const SSE: StreamProtocol = {
  name: 'sse',
  contentType: 'text/event-stream; charset=utf-8',
  begin: ':\n\n',
  // A line of data ends at a line's end, which only a subgraph's own spacing could bring.
  next: (body, cursor) => Buffer.from(`event: next\n${idLine(cursor)}data: ${body.replace(/\r?\n/g, '\ndata: ')}\n\n`),
  fail: (errors) => `event: next\ndata: {"errors":${errors}}\n\n`,
  end: 'event: complete\ndata: \n\n',
  beat: ':\n\n',
}

/** Apollo's multipart subscriptions, `subscriptionSpec=1.0`: errors of an event stand in its payload, errors that end the stream beside it. */
export const MULTIPART: StreamProtocol = {
  name: 'multipart',
  contentType: 'multipart/mixed;boundary="graphql";subscriptionSpec=1.0',
  begin: '\r\n--graphql',
  next: (body) => Buffer.from(part(`{"payload":${body}}`)),
  fail: (errors) => part(`{"payload":null,"errors":${errors}}`),
  end: '--\r\n',
  beat: part('{}'),
}

/** The protocol that a client's `accept` asks for; null when it wants one plain answer. */
export function streamProtocol(accept: string | undefined): StreamProtocol | null {
  if (accept === undefined) return null
  const wanted = accept.split(',').map((type) => type.trim().toLowerCase())
  if (wanted.some((type) => type.startsWith('text/event-stream'))) return SSE
  return wanted.some((type) => /^multipart\/mixed\b.*\bsubscriptionspec="?1\.0/.test(type)) ? MULTIPART : null
}

/** What an EventSource brings back as `Last-Event-ID`. A cursor with a line's end in it has no place there. */
function idLine(cursor: string | null): string {
  return cursor === null || /[\r\n\0]/.test(cursor) ? '' : `id: ${cursor}\n`
}

/** The boundary stands behind a part and not before it: a client takes a part when it sees its end. */
function part(body: string): string {
  return `\r\ncontent-type: application/json\r\n\r\n${body}\r\n--graphql`
}

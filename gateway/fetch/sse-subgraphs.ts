import { signRequest } from '../../platform/http/sign-request.js'
import type { SubgraphAnswer, SubgraphRequest } from './ask-subgraph.js'
import { channel, type Channel } from './channel.js'
import { ONLY_THE_TOKEN } from './header-rules.js'
import { isAnswer, malformed, unavailable } from './read-answer.js'
import { StreamWatch } from './stream-watch.js'
import type { WsSubgraphsOptions } from './ws-subgraphs.js'

/** How long a stream may take to begin; a subgraph that sends its head together with its first event has so long for that. */
const BEGINS_MS = 30_000

/**
 * GraphQL over Server-Sent Events, "Distinct connections mode", towards subgraphs that speak nothing else: signed POST -> events, each read and
 * bounded. A stream that falls silent against its own habit has failed; one without heartbeats is given up by `fetch` itself, after five minutes
 * without a byte.
 */
export function sseSubgraphs(
  options: WsSubgraphsOptions,
): (request: SubgraphRequest) => Promise<Channel<SubgraphAnswer>> {
  return async (request) => {
    const { subgraph, context } = request
    const leaving = new AbortController()
    const leave = (): void => leaving.abort()
    const events = channel<SubgraphAnswer>(options.mostWaiting, () => {
      context.signal?.removeEventListener('abort', end)
      watch.stop()
      leave()
    })
    const end = (): void => events.end()
    const watch = new StreamWatch(options.clock, () => events.fail(unavailable(subgraph, 'fell silent')))
    context.signal?.addEventListener('abort', end)
    const inTime = options.clock.after(BEGINS_MS, leave)
    const body = await open(request, leaving.signal, options)
      .finally(inTime)
      .catch((error: unknown) => {
        end()
        throw error
      })
    void read(body, { events, watch, subgraph, mostBytes: options.mostBytes }).catch((error: unknown) =>
      events.fail(unavailable(subgraph, 'closed its stream', error)),
    )
    return events
  }
}

async function open(
  { subgraph, query, operationName, variables, context }: SubgraphRequest,
  signal: AbortSignal,
  { urlOf, key, headers, clock }: WsSubgraphsOptions,
): Promise<AsyncIterable<Uint8Array>> {
  const url = urlOf(subgraph)
  if (url === undefined) throw unavailable(subgraph, 'has no address')
  const { pathname, search } = new URL(url)
  const body = JSON.stringify({ query, operationName, variables })
  const response = await fetch(url, {
    method: 'POST',
    redirect: 'error',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      'x-request-id': context.requestId,
      ...(headers ?? ONLY_THE_TOKEN).of(subgraph, context),
      ...(key && signRequest(key, { method: 'POST', path: pathname + search, body }, clock.now())),
    },
    body,
    signal,
  }).catch((error: unknown) => {
    throw unavailable(subgraph, 'cannot be reached', error)
  })
  const type = response.headers.get('content-type') ?? ''
  if (response.status === 200 && type.startsWith('text/event-stream') && response.body !== null)
    return chunksOf(response.body)
  await response.body?.cancel()
  throw unavailable(subgraph, `answered a subscription with ${response.status}`)
}

async function* chunksOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader()
  for (let step = await reader.read(); !step.done; step = await reader.read()) yield step.value
}

interface Told {
  readonly events: Channel<SubgraphAnswer>
  readonly watch: StreamWatch
  readonly subgraph: string
  readonly mostBytes: number
}

/** A stream that ends without `complete` was cut. */
async function read(body: AsyncIterable<Uint8Array>, { events, watch, subgraph, mostBytes }: Told): Promise<void> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const bytes of body) {
    const blocks = (rest + decoder.decode(bytes, { stream: true })).split(/\r?\n\r?\n/)
    rest = blocks.pop() ?? ''
    if (rest.length > mostBytes) throw malformed(subgraph)
    for (const block of blocks) {
      const { name, data } = fieldsOf(block)
      if (name === 'complete') {
        events.end()
        return
      }
      const isBeat = name !== 'next' || data === ''
      watch.heard(isBeat)
      if (isBeat) continue
      const event: unknown = JSON.parse(data)
      if (!isAnswer(event)) throw malformed(subgraph)
      if (!events.push(event)) throw unavailable(subgraph, 'tells more than can be heard')
    }
  }
  throw unavailable(subgraph, 'ended its stream halfway')
}

function fieldsOf(block: string): { readonly name: string; readonly data: string } {
  let name = ''
  const data: string[] = []
  for (const line of block.split(/\r?\n/)) {
    if (line.startsWith('event:')) name = line.slice(6).trim()
    if (line.startsWith('data:')) data.push(line.slice(5).replace(/^ /, ''))
  }
  return { name, data: data.join('\n') }
}

import { fields, oneOf, text, whole } from '../../platform/decode.js'

/** What a worker and the process above it say to each other. */
export type WorkerMessage =
  /** It serves at this address. */
  | { readonly type: 'ready'; readonly url: string }
  /** It was asked for figures and wants everybody's; `id` comes back with them. */
  | { readonly type: 'wanted'; readonly id: number }
  /** What it counted itself, for the question with this id. */
  | { readonly type: 'counted'; readonly id: number; readonly page: string }

/** What comes down to a worker: a question for its own page, or everybody's page. */
export type PrimaryMessage =
  | { readonly type: 'count'; readonly id: number }
  | { readonly type: 'page'; readonly id: number; readonly page: string }

/** Reads what a worker says. */
export function workerMessage(value: unknown): WorkerMessage {
  const it = fields(value, 'message')
  const type = oneOf(it['type'], 'message.type', ['ready', 'wanted', 'counted'] as const)
  switch (type) {
    case 'ready':
      return { type, url: text(it['url'], 'url') }
    case 'wanted':
      return { type, id: whole(it['id'], 'id') }
    case 'counted':
      return { type, id: whole(it['id'], 'id'), page: text(it['page'], 'page', { least: 0, most: Infinity }) }
  }
}

/** Reads what comes down to a worker. */
export function primaryMessage(value: unknown): PrimaryMessage {
  const it = fields(value, 'message')
  const type = oneOf(it['type'], 'message.type', ['count', 'page'] as const)
  const id = whole(it['id'], 'id')
  return type === 'count' ? { type, id } : { type, id, page: text(it['page'], 'page', { least: 0, most: Infinity }) }
}

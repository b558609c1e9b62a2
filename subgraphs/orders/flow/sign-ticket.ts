import { createHmac } from 'node:crypto'
import { instant, list, text, whole } from '../../../platform/decode.js'
import type { Secrets } from '../../../platform/secret.js'
import { sameText } from '../../../schema/click.js'
import { idOf } from '../../../schema/ids.js'
import { refuse } from '../../../schema/refuse.js'
import type { QueueTicket } from '../domain/queue.js'

/** ticket -> `words.tag`; `key` is the installation's key for the purpose `queue`. */
export function signTicket(key: Uint8Array, { flashSale, buyer, number, expiresAt }: QueueTicket): string {
  const words = Buffer.from(JSON.stringify([flashSale, buyer, number, expiresAt.getTime()])).toString('base64url')
  return `${words}.${tagOf(key, words)}`
}

/** Reads a ticket that a buyer brings: refused when we did not sign it, or signed it for somebody else. Whether it is due, the batch decides. */
export function readTicket(
  key: Uint8Array,
  value: unknown,
  { buyer, place }: { buyer: string; place: string },
): QueueTicket {
  const [words, tag, ...more] = text(value, place, { most: 500 }).split('.')
  if (words === undefined || tag === undefined || more.length > 0 || !sameText(tag, tagOf(key, words)))
    throw refuse('TICKET_FORGED', 'the queue ticket was not made by us', { details: { place } })
  const ticket = written(words)
  if (ticket.buyer === buyer) return ticket
  throw refuse('TICKET_OTHER_MEMBER', "the queue ticket is another member's", { details: { place } })
}

/** All tickets that a buyer brings with an order. */
export function readTickets(
  tokens: readonly string[] | null | undefined,
  secrets: Secrets,
  buyer: string,
): readonly QueueTicket[] {
  const given = list(tokens ?? [], 'queueTickets', (token) => token, { most: 10 })
  if (given.length === 0) return []
  const key = secrets.key('queue')
  return given.map((token, at) => readTicket(key, token, { buyer, place: `queueTickets[${at}]` }))
}

function written(words: string): QueueTicket {
  const [flashSale, buyer, number, expiresAt] = list(
    JSON.parse(Buffer.from(words, 'base64url').toString()),
    'ticket',
    (it) => it,
  )
  return {
    flashSale: idOf('FlashSale')(flashSale, 'ticket.flashSale'),
    buyer: idOf('Member')(buyer, 'ticket.buyer'),
    number: whole(number, 'ticket.number'),
    expiresAt: instant(new Date(whole(expiresAt, 'ticket.expiresAt')), 'ticket.expiresAt'),
  }
}

function tagOf(key: Uint8Array, words: string): string {
  return createHmac('sha256', key).update(words).digest('base64url')
}

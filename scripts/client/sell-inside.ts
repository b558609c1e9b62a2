import { createHmac, timingSafeEqual } from 'node:crypto'
import { fields, json, list, text, whole } from '../../platform/decode.js'
import { Failure } from '../../platform/failure.js'
import type { Door } from '../../platform/http/door.js'
import { pause, type Clock } from '../../platform/time/clock.js'
import type { Ask } from '../../schema/ask.js'
import { act, read } from './deed.js'
import { handInDay } from './hand-in-day.js'

/** A letter of the shop's, its signature checked. */
export interface Told {
  readonly kind: string
  readonly state: string | null
  readonly partnerOrderId: string | null
}

/** What a partner's server is made of. */
export interface SellInside {
  /** The shop's endpoint, asked with the partner's token. */
  readonly ask: Ask
  readonly clock: Clock
  /** Where the buyer lives, six digits. */
  readonly regionCode: string
  /** Our own number of the order. */
  readonly partnerOrderId: string
  /** Our address for the shop's letters, and those that came. */
  readonly hook: { readonly url: string; readonly letters: Letters }
  readonly say: (line: string) => void
}

const CATALOGUE = `query Catalogue($after: String) { partnerCatalog(first: 50, after: $after) {
  edges { node { onShelf variant { id title stock { available } } } } pageInfo { hasNextPage endCursor } } }`
const QUOTE = `query Quote($input: PartnerQuoteInput!) { partnerQuote(input: $input) {
  total { amountMinor currency } lines { available price { current { amountMinor } } } delivery { arrivesBy } } }`
const ORDER = 'order { id state total { amountMinor } } errors { code message field }'
const deed = (name: string): string => {
  const input = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`
  return `mutation Deed($input: ${input}!) { ${name}(input: $input) { ${ORDER} } }`
}
const HOOK = `mutation Hook($input: SetPartnerWebhookInput!) { setPartnerWebhook(input: $input) { secret errors { code message field } } }`

/** Be told -> look -> quote -> reserve -> pay -> hear of it -> give back -> hear of that -> hand in the day: a sale in a partner's app from its first question to its last. */
export async function sellInside({ ask, clock, regionCode, partnerOrderId, hook, say }: SellInside): Promise<void> {
  const { secret } = await act(ask, HOOK, { input: { url: hook.url } })
  hook.letters.begin(text(secret, 'secret'))
  say(`the shop tells us at ${hook.url}`)

  const goods = await somethingToSell(ask)
  say(`we sell ${goods.title}`)
  const line = { variantId: goods.id, quantity: 1 }
  const quote = await read(ask, QUOTE, { input: { lines: [line], regionCode } })
  const total = whole(fields(quote['total'], 'total')['amountMinor'], 'total')
  if (quote['delivery'] === null) throw new Failure('NOT_DELIVERED', `nothing is delivered to ${regionCode}`)
  const arrives = text(fields(quote['delivery'], 'delivery')['arrivesBy'], 'arrivesBy')
  say(`it costs ${total}, and is there by ${arrives}`)

  const address = { regionCode, line: '1 Garden Road', receiver: 'A buyer', phone: '19900000000' }
  const lines = [{ ...line, unitPriceMinor: total }]
  await does('partnerPlaceOrder', { idempotencyKey: partnerOrderId, lines, address, outlet: 'example' })
  // A lost answer: the same question again changes nothing.
  await does('partnerPlaceOrder', { idempotencyKey: partnerOrderId, lines, address, outlet: 'example' })
  await does('partnerConfirm', { paidMinor: total, paidAt: clock.now().toISOString() })
  await heard('PAID')
  await does('partnerRefund', { reason: 'the buyer changed his mind' })
  await heard('REFUNDED')
  const given = { partnerOrderId, end: 'GONE', paidMinor: total, refundedMinor: total }
  const open = await handInDay({ ask, clock, lines: [{ ...given, commissionMinor: 0, subsidyMinor: 0 }] })
  say(`we handed in the day: ${open} differences`)

  async function does(name: string, input: object): Promise<void> {
    const payload = await act(ask, deed(name), { input: { ...input, partnerOrderId } })
    say(`${name}: ${text(fields(payload['order'], 'order')['state'], 'state')}`)
  }

  async function heard(state: string): Promise<void> {
    const letter = (one: Told): boolean => one.partnerOrderId === partnerOrderId && one.state === state
    for (let tries = 0; !hook.letters.came.some(letter); tries++) {
      if (tries > 600) throw new Failure('PARTNER_UNAVAILABLE', `the shop did not tell of ${state} within a minute`)
      await pause(clock, 100)
    }
    say(`the shop told us that the order is ${state}`)
  }
}

/** The first thing that is shown and not sold out; the catalogue is read page by page. */
async function somethingToSell(ask: Ask): Promise<{ readonly id: string; readonly title: string }> {
  for (let after: string | null = null; ;) {
    const page = await read(ask, CATALOGUE, { after })
    for (const edge of list(page['edges'], 'edges', fields)) {
      const node = fields(edge['node'], 'node')
      const variant = fields(node['variant'], 'variant')
      const left = variant['stock'] === null ? 0 : whole(fields(variant['stock'], 'stock')['available'], 'available')
      if (node['onShelf'] === true && left > 0)
        return { id: text(variant['id'], 'id'), title: text(variant['title'], 'title') }
    }
    const info = fields(page['pageInfo'], 'pageInfo')
    if (info['hasNextPage'] !== true) throw new Failure('NOT_FOUND', 'the shop has nothing that we could sell')
    after = text(info['endCursor'], 'endCursor')
  }
}

/** Letters that the shop sends us: what is not signed with our secret, or too old, is refused. */
export class Letters {
  readonly came: Told[] = []
  readonly #clock: Clock
  #secret: string | null = null

  constructor(clock: Clock) {
    this.#clock = clock
  }

  begin(secret: string): void {
    this.#secret = secret
  }

  /** The door that the shop posts to. */
  readonly door: Door = {
    method: 'POST',
    path: '/told',
    answer: ({ headers, body }) => {
      const bytes = Buffer.from(body).toString('utf8')
      if (!this.#isSigned(headers, bytes)) return Promise.resolve({ status: 401, headers: {}, body: '' })
      const it = fields(json(bytes, 'letter'), 'letter')
      const word = (name: string): string | null => (typeof it[name] === 'string' ? it[name] : null)
      this.came.push({ kind: text(it['kind'], 'kind'), state: word('state'), partnerOrderId: word('partnerOrderId') })
      return Promise.resolve({ status: 204, headers: {}, body: '' })
    },
  }

  #isSigned(headers: ReadonlyMap<string, string>, body: string): boolean {
    const time = headers.get('daihuo-time') ?? ''
    const given = Buffer.from(headers.get('daihuo-signature') ?? '')
    const late = Math.abs(this.#clock.now().getTime() / 1000 - Number(time)) > 300
    if (this.#secret === null || late) return false
    const right = Buffer.from(`v1=${createHmac('sha256', this.#secret).update(`${time}.${body}`).digest('hex')}`)
    return given.length === right.length && timingSafeEqual(given, right)
  }
}

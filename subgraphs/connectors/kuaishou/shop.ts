import { fields, list, maybe, oneOf, text, whole } from '../../../platform/decode.js'
import type { Ask, Reply } from '../../../schema/ask.js'
import { ORDER_STATES, type OrderState } from '../../../schema/events/orders.js'
import { FAILURES } from '../../../schema/failures.js'
import { Failure } from '../../../platform/failure.js'
import { refuse } from '../../../schema/refuse.js'
import type { ShopAddress } from './translate.js'

/** An order of ours as the partner's mutations answer it. */
export interface ShopOrder {
  readonly order: string
  readonly state: OrderState
}

/** What a partner's order asks of our shop. */
export interface PlaceOrder {
  readonly partnerOrderId: string
  readonly variantId: string
  readonly quantity: number
  readonly unitPriceMinor: number
  /** Null when the partner asks for the goods before it tells where they go. */
  readonly address: ShopAddress | null
  /** Where they go as far as it is known then. */
  readonly regionCode: string | null
}

/** What a piece costs inside the partner's app, and how much of what was taken off for that the partner bears. */
export interface ShopPrice {
  readonly minor: number
  readonly borneMinor: number
}

/** A part of an order's money that goes back for a refund of the partner's. */
export interface RefundPart {
  /** The partner's number of the refund: asked again with it, nothing more goes back. */
  readonly refundId: string
  readonly minor: number
  readonly reason: string
}

/** Our shop as a partner sees it: a client of the graph, with its own token inside `ask`. A refusal is thrown with the shop's code. */
export interface Shop {
  /** Null where our shop quotes none. A fen that a subsidy takes off is in it for as long as its budget lasts. */
  price(variantId: string): Promise<ShopPrice | null>
  /** Asked again with the address of an order that was placed without one (or with another), it is the same order. */
  place(order: PlaceOrder): Promise<ShopOrder>
  confirm(partnerOrderId: string, paid: { readonly minor: number; readonly at: Date }): Promise<ShopOrder>
  /** Before it was paid. */
  cancel(partnerOrderId: string, reason: string): Promise<ShopOrder>
  /** After it was paid: the partner gives the money back, or has done so. */
  refund(partnerOrderId: string, reason: string): Promise<ShopOrder>
  /** After it was paid: a part of the money, while the pieces stay bought. */
  refundPart(partnerOrderId: string, part: RefundPart): Promise<ShopOrder>
  /** The buyer has the parcel. */
  receive(partnerOrderId: string): Promise<ShopOrder>
}

const QUOTED = 'lines { price { current { amountMinor } steps { bearer amount { amountMinor } } } }'
const PRICE = `query PriceForKuaishou($input: PartnerQuoteInput!) { partnerQuote(input: $input) { ${QUOTED} } }`
const ANSWER = 'order { id state } errors { code message field }'
const PLACE = `mutation PlaceForKuaishou($input: PartnerPlaceOrderInput!) { partnerPlaceOrder(input: $input) { ${ANSWER} } }`
const CONFIRM = `mutation ConfirmForKuaishou($input: PartnerConfirmInput!) { partnerConfirm(input: $input) { ${ANSWER} } }`
const CANCEL = `mutation CancelForKuaishou($input: PartnerCancelInput!) { partnerCancel(input: $input) { ${ANSWER} } }`
const REFUND = `mutation RefundForKuaishou($input: PartnerRefundInput!) { partnerRefund(input: $input) { ${ANSWER} } }`
const REFUND_PART = `mutation RefundPartForKuaishou($input: PartnerRefundPartInput!) { partnerRefundPart(input: $input) { ${ANSWER} } }`
const RECEIVE = `mutation ReceiveForKuaishou($input: PartnerReceiveInput!) { partnerReceive(input: $input) { ${ANSWER} } }`

/** Codes that say nothing of the order: the question is asked again later. */
const PASSING: ReadonlySet<string> = new Set([
  ...['BUSY', 'SUBGRAPH_UNAVAILABLE', 'SUBGRAPH_TIMEOUT', 'SUBGRAPH_MALFORMED', 'INTERNAL_SERVER_ERROR'],
  ...['UNAUTHENTICATED', 'FORBIDDEN', 'CONFLICT'],
])

/** The shop behind `ask`. */
export function shopOf(ask: Ask): Shop {
  return {
    async price(variantId) {
      const reply = await ask({ query: PRICE, variables: { input: { lines: [{ variantId, quantity: 1 }] } } })
      return quoted(reply)
    },
    async place({ partnerOrderId, variantId, quantity, unitPriceMinor, address, regionCode }) {
      const input = {
        ...{ idempotencyKey: `kuaishou:${partnerOrderId}`, partnerOrderId, address, regionCode, outlet: 'kuaishou' },
        lines: [{ variantId, quantity, unitPriceMinor }],
      }
      return answered(await ask({ query: PLACE, variables: { input } }), 'partnerPlaceOrder')
    },
    async confirm(partnerOrderId, paid) {
      const input = { partnerOrderId, paidMinor: paid.minor, paidAt: paid.at.toISOString() }
      return answered(await ask({ query: CONFIRM, variables: { input } }), 'partnerConfirm')
    },
    async cancel(partnerOrderId, reason) {
      return answered(await ask({ query: CANCEL, variables: { input: { partnerOrderId, reason } } }), 'partnerCancel')
    },
    async refund(partnerOrderId, reason) {
      return answered(await ask({ query: REFUND, variables: { input: { partnerOrderId, reason } } }), 'partnerRefund')
    },
    async refundPart(partnerOrderId, { refundId, minor, reason }) {
      const input = { idempotencyKey: `kuaishou:${refundId}`, partnerOrderId, amountMinor: minor, reason }
      return answered(await ask({ query: REFUND_PART, variables: { input } }), 'partnerRefundPart')
    },
    async receive(partnerOrderId) {
      return answered(await ask({ query: RECEIVE, variables: { input: { partnerOrderId } } }), 'partnerReceive')
    },
  }
}

/** Who bears a step of a price, when it is this partner. */
const BEARER = 'partner:kuaishou'

function quoted({ data, errors }: Reply): ShopPrice | null {
  const [fault] = errors
  if (fault !== undefined) return nothing(new Failure(fault.code, fault.message))
  const quote = fields(fields(data, 'answer')['partnerQuote'], 'quote')
  const [price] = list(quote['lines'], 'quote.lines', (line, place) => fields(fields(line, place)['price'], place))
  if (price === undefined) return null
  const borne = list(price['steps'], 'quote.steps', (step, place) => {
    const it = fields(step, place)
    return it['bearer'] === BEARER ? -minor(it['amount'], place) : 0
  })
  return { minor: minor(price['current'], 'quote.current'), borneMinor: borne.reduce((sum, part) => sum + part, 0) }
}

/** Our shop's last word is that it quotes none; what says nothing of the goods is asked again later. */
function nothing(error: unknown): null {
  if (isFinal(error)) return null
  throw error
}

function minor(value: unknown, place: string): number {
  return whole(fields(value, place)['amountMinor'], `${place}.amountMinor`)
}

/** Whether a failure is the shop's last word on what was asked. */
export function isFinal(error: unknown): error is Failure {
  return error instanceof Failure && Object.hasOwn(FAILURES, error.code) && !PASSING.has(error.code)
}

function answered({ data, errors }: Reply, field: string): ShopOrder {
  const [fault] = errors
  if (fault !== undefined) throw new Failure(fault.code, fault.message)
  const payload = fields(fields(data, 'answer')[field], field)
  const [refusal] = list(payload['errors'] ?? [], `${field}.errors`, (value, place) => {
    const it = fields(value, place)
    return { code: text(it['code'], `${place}.code`), message: text(it['message'], `${place}.message`) }
  })
  if (refusal !== undefined) throw new Failure(refusal.code, refusal.message)
  const order = maybe(payload['order'], `${field}.order`, fields)
  if (order === null) throw refuse('SUBGRAPH_MALFORMED', `${field} gave neither an order nor an error`)
  return {
    order: text(order['id'], `${field}.order.id`),
    state: oneOf(order['state'], `${field}.order.state`, ORDER_STATES),
  }
}

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fields, list, text } from '../../platform/decode.js'
import { Failure } from '../../platform/failure.js'
import type { Ask } from '../../schema/ask.js'
import { act, read } from '../../scripts/client/deed.js'
import { openHouse, type House } from '../support/house.js'
import { watch, type Viewer } from '../support/live-viewer.js'
import { until } from '../support/until.js'

const WAITING = 4
const memberToken = (name: string) => ({ sub: `Member:${name}`, roles: ['member'] as const })

let house: House
let operator: Ask
beforeAll(async () => {
  house = await openHouse({ env: { ORDERS_QUEUE_LOOK_MS: '50' } })
  operator = await house.as({ sub: 'Member:operator', roles: ['member', 'operator', 'merchant'] })
})
afterAll(() => house.stop())

async function importedVariant(handle: string): Promise<string> {
  const products = [{ handle, title: 'Rushed', variants: [{ optionValues: [], priceMinor: 900, quantity: 50 }] }]
  const document = `mutation ($input: ImportProductsInput!) { importProducts(input: $input) {
    results { product { variants { id } } } errors { code message } } }`
  const { results } = await act(operator, document, { input: { seller: 'daihuo', currency: 'CNY', products } })
  const [result] = list(results, 'results', fields)
  const [variant] = list(fields(result?.['product'], 'product')['variants'], 'variants', fields)
  const id = text(variant?.['id'], 'id')
  const query = 'query ($i: QuoteInput!) { quote(input: $i) { total { amountMinor } } }'
  const stocked = () => read(operator, query, { i: { lines: [{ variantId: id, quantity: 1 }] } })
  await until(
    () =>
      stocked().then(
        () => true,
        () => false,
      ),
    'the price of what was imported',
  )
  return id
}

function queuedSale(variantId: string, admitPerSecond: number): Promise<string> {
  const startsAt = '2099-01-01T00:00:00Z'
  const price = { amountMinor: 100, currency: 'CNY' }
  return opened({ variantId, price, quota: 20, perMember: 1, admitPerSecond, startsAt })
}

async function opened(input: object): Promise<string> {
  const document =
    'mutation ($input: OpenFlashSaleInput!) { openFlashSale(input: $input) { flashSale { id } errors { code message } } }'
  return text(fields((await act(operator, document, { input }))['flashSale'], 'flashSale')['id'], 'id')
}

const PLACE =
  'mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { order { id } errors { code message } } }'
const WAIT =
  'mutation ($input: WaitForFlashSaleInput!) { waitForFlashSale(input: $input) { flashSale { id } errors { code message } } }'

/** A sale of one piece that everybody may come to. */
function plainSale(variantId: string): Promise<string> {
  return opened({ variantId, price: { amountMinor: 100, currency: 'CNY' }, quota: 1, perMember: 1 })
}

/** The sale begins now, and with it the line moves. */
async function begin(flashSale: string): Promise<void> {
  await house.db.query('update orders.sale_queue set since = clock_timestamp() where flash_sale = $1', [flashSale])
  await house.db.query('update orders.flash_sale set starts_at = clock_timestamp() where id = $1', [flashSale])
}

async function ticketOf(member: Ask, flashSaleId: string): Promise<string> {
  const document =
    'mutation ($input: TakeQueueTicketInput!) { takeQueueTicket(input: $input) { ticket { token position } errors { code message } } }'
  const { ticket } = await act(member, document, { input: { flashSaleId } })
  return text(fields(ticket, 'ticket')['token'], 'token')
}

async function place(member: Ask, line: object, queueTickets: readonly string[]): Promise<unknown> {
  const document =
    'mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { order { state } errors { code message } } }'
  const input = { idempotencyKey: 'mine', lines: [{ quantity: 1, ...line }], queueTickets }
  return act(member, document, { input }).then(
    ({ order }) => fields(order, 'order')['state'],
    (error: unknown) => (error instanceof Failure ? error.code : String(error)),
  )
}

async function watching(name: string, flashSaleId: string): Promise<Viewer> {
  return watch({
    socketUrl: house.socketUrl,
    token: await house.shop.token(memberToken(name)),
    query:
      'subscription ($id: ID!) { queuePosition(flashSaleId: $id) { positionForMe aheadForMe keptForMeUntil queue { admitted waiting } } }',
    variables: { id: flashSaleId },
  })
}

describe('a rush with a line before it', () => {
  it('tells each who waits where he stands until it is his turn, all of them as one group, and sells by signed tickets only', async () => {
    const variantId = await importedVariant('rushed')
    const flashSaleId = await queuedSale(variantId, 2)
    const names = Array.from({ length: WAITING }, (_, at) => `waiting${at}`)
    const voices = await Promise.all(names.map((name) => house.as(memberToken(name))))
    const tickets: string[] = []
    for (const voice of voices) tickets.push(await ticketOf(voice, flashSaleId))
    const viewers = await Promise.all(names.map((name) => watching(name, flashSaleId)))
    const stranger = await watching('stranger', flashSaleId)
    const [last, lastVoice] = [viewers.at(-1), voices.at(-1)]
    const line = { variantId, flashSaleId }
    if (last === undefined || lastVoice === undefined) throw new Error('nobody waits')
    const [own = '', other = ''] = [tickets.at(-1), tickets[0]]
    await Promise.all(viewers.map((viewer, at) => viewer.sees((sale) => sale['positionForMe'] === at + 1, 'his place')))
    await stranger.sees((sale) => sale['positionForMe'] === null, 'that he has none')
    await begin(flashSaleId)
    expect(await place(lastVoice, line, [])).toBe('TICKET_MISSING')
    expect(await place(lastVoice, line, [`${own}x`])).toBe('TICKET_FORGED')
    expect(await place(lastVoice, line, [other])).toBe('TICKET_OTHER_MEMBER')
    expect(house.shop.gateway.live.groups).toBe(1)
    await Promise.all(viewers.map((viewer) => viewer.sees((sale) => sale['positionForMe'] === 0, 'his turn')))
    const positions = last.events.map((sale) => Number(sale['positionForMe']))
    expect(positions).toEqual(positions.toSorted((one, next) => next - one))
    expect(positions[0]).toBe(WAITING)
    expect(await place(lastVoice, line, [own])).toBe('RESERVED')
    await Promise.all([...viewers, stranger].map((viewer) => viewer.leave()))
  })

  it('keeps what comes back for who waited, tells him so while he watches, and sells it to him alone', async () => {
    const variantId = await importedVariant('waited')
    const flashSaleId = await plainSale(variantId)
    const [first, ann, eve] = await Promise.all(['first', 'ann', 'eve'].map((name) => house.as(memberToken(name))))
    if (first === undefined || ann === undefined || eve === undefined) throw new Error('somebody is missing')
    const line = { variantId, flashSaleId }
    const placed = await act(first, PLACE, { input: { idempotencyKey: 'mine', lines: [{ quantity: 1, ...line }] } })
    await act(ann, WAIT, { input: { flashSaleId } })
    const [viewer, other] = await Promise.all([watching('ann', flashSaleId), watching('eve', flashSaleId)])
    await viewer.sees((sale) => sale['aheadForMe'] === 0, 'that she is the next')
    const orderId = text(fields(placed['order'], 'order')['id'], 'id')
    await act(
      first,
      'mutation ($input: CancelOrderInput!) { cancelOrder(input: $input) { errors { code message } } }',
      {
        input: { orderId },
      },
    )
    await viewer.sees((sale) => Date.parse(String(sale['keptForMeUntil'])) > 0, 'that a piece is kept for her')
    expect(await place(eve, line, [])).toBe('OFFER_CLOSED')
    expect(await place(ann, line, [])).toBe('RESERVED')
    expect(other.events.map((sale) => sale['keptForMeUntil'])).not.toContain(undefined)
    expect(other.events.every((sale) => sale['keptForMeUntil'] === null)).toBe(true)
    await Promise.all([viewer.leave(), other.leave()])
  })
})

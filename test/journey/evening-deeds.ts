import { createHash, createHmac } from 'node:crypto'
import { ApolloClient, HttpLink, InMemoryCache, gql, type TypedDocumentNode } from '@apollo/client'
import { expect } from 'vitest'
import { fields, list, text, type Fields } from '../../platform/decode.js'
import type { Ask } from '../../schema/ask.js'
import { act, nodesOf, read } from '../../scripts/client/deed.js'
import type { TokenClaims } from '../../scripts/start/shop.js'
import { until } from '../support/until.js'

/** Pieces of the flash sale, and winners of the draw. */
export const QUOTA = 5
const WINNERS = 2

/** What every payload is asked for. */
export const ERRORS = 'errors { code message }'

/** What the evening needs of a house, in whichever form it runs. */
export interface EveningHouse {
  readonly url: string
  readonly socketUrl: string
  token(claims: TokenClaims): Promise<string>
  as(claims: TokenClaims | null): Promise<Ask>
}

/** Twelve members want the five pieces at once; each who gets one pays. */
export async function flashSale(
  house: EveningHouse,
  host: Ask,
  { roomId, variant }: { roomId: string; variant: string },
): Promise<number> {
  const input = { roomId, variantId: variant, price: { amountMinor: 100, currency: 'CNY' }, quota: QUOTA, perMember: 1 }
  const opened = await act(
    host,
    `mutation($i: OpenFlashSaleInput!) { openFlashSale(input: $i) { flashSale { id } ${ERRORS} } }`,
    { i: input },
  )
  const flashSaleId = text(fields(opened['flashSale'], 'flashSale')['id'], 'flashSale.id')
  const tries = Array.from({ length: 12 }, async (_, at) => {
    const buyer = await house.as({ sub: `Member:viewer-${at}`, roles: ['member'] })
    const line = { variantId: variant, quantity: 1, roomId, flashSaleId, outlet: 'app' }
    const orderId = await placed(buyer, line, `flash-${at}`)
    if (orderId !== null) await paid(buyer, orderId)
    return orderId
  })
  return (await Promise.all(tries)).filter((orderId) => orderId !== null).length
}

async function placed(buyer: Ask, line: object, key: string): Promise<string | null> {
  const place = `mutation($i: PlaceOrderInput!) { placeOrder(input: $i) { order { id } ${ERRORS} } }`
  const payload = await read(buyer, place, { i: { idempotencyKey: key, lines: [line] } })
  const [refusal] = list(payload['errors'], 'errors', fields)
  if (refusal === undefined) return text(fields(payload['order'], 'order')['id'], 'order.id')
  expect(refusal['code']).toBe('OFFER_CLOSED')
  return null
}

async function paid(buyer: Ask, orderId: string): Promise<void> {
  const pay = `mutation($i: PayOrderInput!) { payOrder(input: $i) { order { state } ${ERRORS} } }`
  await act(buyer, pay, { i: { idempotencyKey: `pay-${orderId}`, orderId, method: 'card' } })
  const query = 'query($id: ID!) { order(id: $id) { state } }'
  await until(async () => (await read(buyer, query, { id: orderId }))['state'] === 'PAID', 'the payment')
}

const QUOTE: TypedDocumentNode<{ quote: { total: { amountMinor: number } } }> = gql`
  query ($input: QuoteInput!) {
    quote(input: $input) {
      total {
        amountMinor
      }
      lines {
        price {
          steps {
            kind
            label
          }
        }
      }
    }
  }
`

/** A shopper with Apollo Client: quote, order, pay. */
export async function ordinaryOrder(
  house: EveningHouse,
  roomId: string,
  goods: readonly { readonly variant: string }[],
): Promise<void> {
  const token = await house.token({ sub: 'Member:viewer-15', roles: ['member'] })
  const link = new HttpLink({ uri: house.url, headers: { authorization: `Bearer ${token}` } })
  const client = new ApolloClient({ link, cache: new InMemoryCache() })
  const lines = [{ variantId: goods[1]?.variant, quantity: 2, roomId }]
  const quoted = await client.query({ query: QUOTE, variables: { input: { lines } } })
  expect(quoted.data?.quote.total.amountMinor).toBe(3_800)
  const buyer = await house.as({ sub: 'Member:viewer-15', roles: ['member'] })
  const orderId = await placed(buyer, lines[0] ?? {}, 'ordinary')
  if (orderId !== null) await paid(buyer, orderId)
  client.stop()
}

export async function drawn(house: EveningHouse, host: Ask, roomId: string): Promise<Fields> {
  const open = `mutation($i: OpenDrawInput!) { openDraw(input: $i) { draw { id commitment } ${ERRORS} } }`
  const opened = await act(host, open, {
    i: { roomId, prize: '福袋', winners: WINNERS, beacon: 'the first number of tomorrow' },
  })
  const drawId = text(fields(opened['draw'], 'draw')['id'], 'draw.id')
  for (let at = 0; at < 10; at++) {
    const member = await house.as({ sub: `Member:viewer-${at}`, roles: ['member'] })
    await act(member, `mutation($i: DrawInput!) { joinDraw(input: $i) { ${ERRORS} } }`, { i: { drawId } })
  }
  await act(host, `mutation($i: DrawInput!) { closeDraw(input: $i) { ${ERRORS} } }`, { i: { drawId } })
  const asked =
    'query($id: ID!) { draw(id: $id) { commitment seed beacon root winners { member { id } } entrants(first: 100) { edges { node { id } } } } }'
  return await read(await house.as(null), asked, { id: drawId })
}

/** Anybody can draw again from what is public (the recipe of the draw, written here once more on its own). */
export function drawCanBeRepeated(draw: Fields): void {
  const seed = Buffer.from(text(draw['seed'], 'seed'), 'hex')
  expect(createHash('sha256').update(seed).digest('hex')).toBe(draw['commitment'])
  const ids = (value: unknown): readonly string[] =>
    list(value, 'members', (one, place) => text(fields(one, place)['id'], place))
  const entrants = [...ids(nodesOf(draw['entrants'], 'entrants'))].sort()
  const root = createHash('sha256').update(entrants.join('\n')).digest('hex')
  expect(root).toBe(draw['root'])
  const score = (entrant: string): string =>
    createHmac('sha256', seed)
      .update(`${root}|${text(draw['beacon'], 'beacon')}|${entrant}`)
      .digest('hex')
  const ranked = entrants.toSorted((a, b) => (score(a) < score(b) ? -1 : 1))
  expect(
    list(draw['winners'], 'winners', (one, place) => fields(one, place)['member']).map(
      (member) => fields(member, 'member')['id'],
    ),
  ).toEqual(ranked.slice(0, WINNERS))
}

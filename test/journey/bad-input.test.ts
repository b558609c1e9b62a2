import { createHmac } from 'node:crypto'
import {
  getNamedType,
  isCompositeType,
  type GraphQLField,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
} from 'graphql'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { fields, json, list, text } from '../../platform/decode.js'
import { call } from '../../platform/http/call.js'
import { secretsFrom } from '../../platform/secret.js'
import { systemClock } from '../../platform/time/clock.js'
import { signToken } from '../../platform/token.js'
import type { Ask, Reply } from '../../schema/ask.js'
import { FAILURES } from '../../schema/failures.js'
import { ROLES } from '../../schema/identity.js'
import { argumentsOf, callOf, HOSTILE, PLAUSIBLE, type Taste } from '../support/any-input.js'
import { openHouse, type House } from '../support/house.js'
import { rowCounts } from '../support/row-counts.js'
import { openScene, type Scene } from '../support/scene.js'
import { until } from '../support/until.js'

type Field = GraphQLField<unknown, unknown>
const QUIET = { WEIBO_POLL_MS: '3600000', KUAISHOU_POLL_MS: '3600000' }
/** Rooms and draws are everybody's to see, so that one which is not there may be told of before it is asked who asks. */
const REFUSED = ['UNAUTHENTICATED', 'FORBIDDEN', 'BAD_USER_INPUT', 'NOT_FOUND']

let house: House
let scene: Scene
let before: Readonly<Record<string, number>> = {}
beforeAll(async () => {
  house = await openHouse({ env: QUIET })
  scene = await openScene(house)
  await until(async () => {
    const earlier = before
    await new Promise((resolve) => setTimeout(resolve, 500))
    before = await rowCounts(house.db)
    const errands = (before['kuaishou.errand'] ?? 0) + (before['weibo.errand'] ?? 0)
    return errands === 0 && JSON.stringify(earlier) === JSON.stringify(before)
  }, 'the house to come to rest')
}, 120_000)
afterAll(() => house.stop())

function rootFields(kind: 'Query' | 'Mutation'): readonly Field[] {
  const { schema } = house.shop.gateway.engine
  const type: GraphQLObjectType | null | undefined = kind === 'Query' ? schema.getQueryType() : schema.getMutationType()
  return Object.values(type?.getFields() ?? {})
}

/** Asks a root field with arguments of a taste. */
async function asked(ask: Ask, kind: 'query' | 'mutation', field: Field, taste: Taste): Promise<Reply> {
  const { variables, call } = callOf(field)
  const wanted =
    kind === 'mutation' ? '{ errors { code } }' : isCompositeType(getNamedType(field.type)) ? '{ __typename }' : ''
  return await ask({ query: `${kind} ${variables} { ${call} ${wanted} }`, variables: argumentsOf(field, taste) })
}

/** The codes of an answer, those in a payload included. */
function codesOf({ data, errors }: Reply): readonly string[] {
  const payloads = data === null ? [] : Object.values(fields(data, 'data'))
  const refusals = payloads.flatMap((payload) =>
    typeof payload === 'object' && payload !== null && 'errors' in payload
      ? list(payload.errors, 'errors', fields)
      : [],
  )
  return [...errors.map(({ code }) => code), ...refusals.map(({ code }) => text(code, 'code'))]
}

/** Asks all root fields, and gives what was answered otherwise than allowed. */
async function wrong(
  ask: Ask,
  kind: 'query' | 'mutation',
  taste: Taste,
  allowed: (codes: readonly string[]) => boolean,
): Promise<readonly string[]> {
  const all = rootFields(kind === 'query' ? 'Query' : 'Mutation').map(async (field) => {
    const codes = codesOf(await asked(ask, kind, field, taste))
    return allowed(codes) ? [] : [`${field.name}: ${codes.join(', ') || 'done'}`]
  })
  return (await Promise.all(all)).flat()
}

const isCoded = (codes: readonly string[]): boolean =>
  codes.every((code) => code in FAILURES && code !== 'INTERNAL_SERVER_ERROR')
const isRefused = (codes: readonly string[]): boolean =>
  codes.length > 0 && codes.every((code) => REFUSED.includes(code))

interface Plain {
  readonly status: number
  readonly body: string
}

async function send(path: string, body: string, headers: Readonly<Record<string, string>> = {}): Promise<Plain> {
  const answer = await call({
    url: `${house.shop.url}${path}`,
    method: path.startsWith('/l/') ? 'GET' : 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    ...(!path.startsWith('/l/') && { body }),
    timeoutMs: 20_000,
    mostBytes: 100_000,
  })
  return { status: answer.status, body: answer.body.toString('utf8') }
}

function codeIn({ body }: Plain): unknown {
  const it = fields(json(body, 'body'), 'body')
  const [error] = it['errors'] === undefined ? [it['error']] : list(it['errors'], 'errors', fields)
  const told = fields(error, 'error')
  return told['code'] ?? fields(told['extensions'], 'extensions')['code']
}

describe('nothing is stored of', () => {
  afterEach(async () => expect(await rowCounts(house.db)).toEqual(before))

  it('a question for an id that nobody knows: null or NOT_FOUND', async () => {
    for (const who of [null, 'shopper', 'operator'] as const) {
      const ask = scene.voice(who)
      for (const field of rootFields('Query').filter(({ args }) => args.length === 1 && args[0]?.name === 'id')) {
        const type = field.name === 'node' ? 'Product' : getNamedType(field.type).name
        const { data, errors } = await asked(ask, 'query', field, { ...PLAUSIBLE, id: () => `${type}:unknown` })
        const codes = errors.map(({ code }) => code).filter((code) => code !== 'NOT_FOUND')
        expect([field.name, codes]).toEqual([field.name, []])
        if (field.name !== 'node') expect(Object.values(fields(data, 'data'))).toEqual([null])
      }
    }
  })

  it('a node of every kind that nobody knows: null and NOT_FOUND, and no fault', async () => {
    const query = `query ($id: ID!) { node(id: $id) { ... on Product { title } ... on Variant { product { id } } ... on Member { nickname }
      ... on Order { state } ... on OrderLine { quantity } ... on FlashSale { quota } ... on Room { title } ... on Comment { text }
      ... on Coupon { claimedAt } ... on CouponIssue { label } ... on PriceOffer { label }
      ... on Draw { prize } ... on Campaign { title } ... on TrackedLink { url } ... on CampaignPost { text } ... on Listing { createdAt }
      ... on Brand { name } ... on Category { name } } }`
    const { schema } = house.shop.gateway.engine
    const entities = schema.getImplementations(schema.getType('Node') as GraphQLInterfaceType).objects // by its SDL
    // A member whom nobody has named yet is called by his id.
    for (const { name } of entities.filter((entity) => entity.name !== 'Member')) {
      const { data, errors } = await scene.voice('operator')({ query, variables: { id: `${name}:unknown` } })
      expect([name, data, errors.map(({ code }) => code)]).toEqual([name, { node: null }, ['NOT_FOUND']])
    }
  })

  it.each(HOSTILE)('questions that are %s: a code, and no fault', async (_what, taste) => {
    expect(await wrong(scene.voice('operator'), 'query', taste, isCoded)).toEqual([])
    expect(await wrong(scene.voice(null), 'query', taste, isCoded)).toEqual([])
  })

  it.each([['plausible', PLAUSIBLE] as const, ...HOSTILE])(
    'deeds that are %s, of a visitor without a token',
    async (_what, taste) => {
      expect(await wrong(scene.voice(null), 'mutation', taste, isRefused)).toEqual([])
    },
  )

  it('deeds of a visitor without a token in rooms and contests that are there', async () => {
    const { room, draw, campaign, link, variant, order, flashSale } = scene
    const ids = { room, draw, campaign, link, variant, order, flashSale }
    const known = new Map(Object.entries(ids).map(([name, id]) => [`${name}Id`, id]))
    const taste = { ...PLAUSIBLE, id: (name: string) => known.get(name) ?? PLAUSIBLE.id(name) }
    const allowed = (codes: readonly string[]): boolean => isRefused(codes) && !codes.includes('NOT_FOUND')
    expect(await wrong(scene.voice(null), 'mutation', taste, allowed)).toEqual([])
  })

  it('deeds of somebody without any role', async () => {
    const nobody = await house.as({ sub: 'Member:nobody', roles: [] })
    expect(await wrong(nobody, 'mutation', PLAUSIBLE, isRefused)).toEqual([])
  })

  it('deeds of a member about things that nobody knows', async () => {
    const allowed = (codes: readonly string[]): boolean => codes.length > 0 && isCoded(codes)
    const input = { ...PLAUSIBLE, text: '' }
    expect(await wrong(scene.voice('shopper'), 'mutation', input, allowed)).toEqual([])
  })

  it('what another member wants with an order, a room or a link that is not his', async () => {
    const { order: orderId, room: roomId, campaign: campaignId, link: linkId } = scene
    const query = 'query ($id: ID!) { order(id: $id) { id } }'
    expect((await scene.voice('star')({ query, variables: { id: orderId } })).data).toEqual({ order: null })
    const deeds: readonly (readonly ['star' | 'shopper', string, object])[] = [
      ['star', 'payOrder', { idempotencyKey: 'k', orderId, method: 'card' }],
      ['star', 'cancelOrder', { orderId }],
      ['star', 'confirmReceipt', { orderId }],
      ['star', 'refundOrder', { idempotencyKey: 'k', orderId, reason: 'mine' }],
      ['shopper', 'shipOrder', { orderId, carrier: 'SF', waybill: '1' }],
      ['star', 'endRoom', { roomId }],
      ['shopper', 'closeCampaign', { campaignId }],
      ['shopper', 'postLink', { linkId, text: 'mine' }],
    ]
    for (const [who, name, input] of deeds)
      await expect(scene.deed(who, name, input), name).rejects.toMatchObject({
        code: expect.stringMatching(/^(NOT_FOUND|FORBIDDEN)$/) as string,
      })
  })

  it('what one partner wants with the order of another', async () => {
    const other = await house.as({ partner: 'other', roles: ['partner'] })
    const { partnerOrder: partnerOrderId, partnerOrderId: id } = scene
    const seen = await other({
      query:
        'query ($of: String!, $id: ID!) { partnerOrder(partnerOrderId: $of) { id } order(id: $id) { id } orders { edges { node { id } } } }',
      variables: { of: partnerOrderId, id },
    })
    expect(seen.data).toEqual({ partnerOrder: null, order: null, orders: { edges: [] } })
    for (const [name, rest] of [
      ['Confirm', { paidMinor: 1, paidAt: '2026-01-01T00:00:00.000Z' }],
      ['Cancel', { reason: 'x' }],
      ['Receive', {}],
      ['Refund', { reason: 'x' }],
    ] as const) {
      const query = `mutation ($input: Partner${name}Input!) { partner${name}(input: $input) { errors { code } } }`
      expect(codesOf(await other({ query, variables: { input: { partnerOrderId, ...rest } } }))).toEqual(['NOT_FOUND'])
    }
  })

  it('a token that is not ours, has ended, or says what no token says', async () => {
    const key = secretsFrom(Buffer.alloc(32, 7)).key('token')
    const claims = { sub: 'Member:operator', roles: ['operator'] }
    const unsigned = ['{"alg":"none"}', JSON.stringify({ ...claims, exp: 4e9 }), ''].map((part) =>
      Buffer.from(part).toString('base64url'),
    )
    const tokens = [
      await signToken(Buffer.alloc(32, 9), claims, { clock: systemClock, seconds: 60 }),
      await signToken(key, claims, { clock: systemClock, seconds: -60 }),
      await signToken(key, { sub: 'Member:operator', roles: ['god'] }, { clock: systemClock, seconds: 60 }),
      await signToken(key, { sub: 'operator', roles: [] }, { clock: systemClock, seconds: 60 }),
      unsigned.join('.'),
      'nonsense',
    ]
    for (const token of tokens) {
      const refused = await send('/graphql', '{"query":"{ me { id } }"}', { authorization: `Bearer ${token}` })
      expect([refused.status, codeIn(refused)]).toEqual([401, 'UNAUTHENTICATED'])
    }
  })

  it.each([
    ['/hooks/payment', {}],
    ['/hooks/payment', { 'x-payment-signature': 'wrong', 'x-signature': 'wrong' }],
    ['/hooks/kuaishou', { kwaisign: 'wrong' }],
    ['/partners/kuaishou/deduct', {}],
  ])('an unsigned call of the door %s', async (path, headers) => {
    const body = JSON.stringify({ key: 'Payment:x', charge: 'c', sign: createHmac('sha256', 'x').digest('hex') })
    const refused = await send(path, body, headers)
    expect([refused.status, codeIn(refused)]).toEqual([401, 'SIGNATURE_INVALID'])
  })

  it.each(['/l/nonsense', '/l/abcdefgh-ijklmnop', '/l/%00', '/l/%E0%A4%A', `/l/${'x'.repeat(2_000)}`, '/nowhere'])(
    'a link that we never gave: %s',
    async (path) => {
      const refused = await send(path, '')
      expect(refused.status).toBeLessThan(500)
      expect(Object.keys(FAILURES)).toContain(codeIn(refused))
    },
  )

  it.each(['/graphql', '/hooks/payment', '/hooks/kuaishou', '/partners/kuaishou/deduct'])(
    'a body over the limit at %s',
    async (path) => {
      const refused = await send(path, JSON.stringify({ query: 'x'.repeat(1_100_000) }))
      expect([refused.status, codeIn(refused)]).toEqual([413, 'REQUEST_TOO_LARGE'])
    },
  )

  it.each([
    '',
    '{',
    'null',
    '[]',
    '{"query":7}',
    '{"query":"{"}',
    '{"query":"{ nothing }"}',
    '{"query":"{ me { id } }","variables":7}',
  ])('a body like %j', async (body) => {
    const refused = await send('/graphql', body)
    expect(refused.status).toBe(400)
    expect(Object.keys(FAILURES)).toContain(codeIn(refused))
    expect(codeIn(refused)).not.toBe('INTERNAL_SERVER_ERROR')
  })
})

describe('somebody who may do everything', () => {
  it.each(HOSTILE)('meets no fault with input that is %s', async (_what, taste) => {
    const all = await house.as({ sub: 'Member:all', partner: 'acme', roles: [...ROLES] })
    expect(await wrong(all, 'mutation', taste, isCoded)).toEqual([])
  })
})

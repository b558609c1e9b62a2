import { fields, list, text, type Fields } from '../../platform/decode.js'
import { call } from '../../platform/http/call.js'
import { pause, systemClock } from '../../platform/time/clock.js'
import type { House } from '../support/house.js'
import { inTurns } from '../support/in-turns.js'
import { one, type Plan } from './contest-plans.js'

const ERRORS = 'errors { code message }'
const IN_ONE = 5

/** clicks -> orders -> paid or cancelled -> some given back, each step for everybody before the next. */
export async function carryOut(house: House, plans: readonly Plan[]): Promise<void> {
  const carts = cartsOf(plans)
  const placed = await inTurns(carts, (cart) => placeAll(house, cart))
  await inTurns(placed, (orders) => payOrCancelAll(house, orders))
  await isZero(house, `select count(*)::int as open from orders.purchase where state in ('RESERVED', 'PAYING')`)
  await inTurns(placed, (orders) => refundAll(house, orders))
}

interface Placed {
  readonly plan: Plan
  readonly orderId: string
}

/** A buyer's plans, a few to a request: five thousand orders need not be five thousand requests. */
function cartsOf(plans: readonly Plan[]): readonly (readonly Plan[])[] {
  const byBuyer = new Map<string, Plan[]>()
  for (const plan of plans) byBuyer.set(plan.buyer, [...(byBuyer.get(plan.buyer) ?? []), plan])
  return [...byBuyer.values()].flatMap((all) =>
    Array.from({ length: Math.ceil(all.length / IN_ONE) }, (_, at) => all.slice(at * IN_ONE, (at + 1) * IN_ONE)),
  )
}

async function placeAll(house: House, cart: readonly Plan[]): Promise<readonly Placed[]> {
  const deeds = await Promise.all(
    cart.map(async ({ key, good, follows }) => {
      const lines = [{ variantId: good.variant, quantity: 1, clickId: await followed(follows) }]
      return { name: 'placeOrder', gives: 'order { id }', input: { idempotencyKey: key, lines } }
    }),
  )
  const payloads = await doAll(house, one(cart, 0).buyer, deeds)
  return payloads.map((payload, at) => ({
    plan: one(cart, at),
    orderId: text(fields(payload['order'], 'order')['id'], 'order.id'),
  }))
}

async function payOrCancelAll(house: House, orders: readonly Placed[]): Promise<void> {
  const deeds = orders.map(({ plan, orderId }) =>
    plan.then === 'cancels'
      ? { name: 'cancelOrder', gives: '', input: { orderId } }
      : { name: 'payOrder', gives: '', input: { idempotencyKey: plan.key, orderId, method: 'card' } },
  )
  await doAll(house, one(orders, 0).plan.buyer, deeds)
}

async function refundAll(house: House, orders: readonly Placed[]): Promise<void> {
  const deeds = orders
    .filter(({ plan }) => plan.then === 'refunds')
    .map(({ plan, orderId }) => {
      const input = { idempotencyKey: `back-${plan.key}`, orderId, reason: 'too small' }
      return { name: 'refundOrder', gives: '', input }
    })
  if (deeds.length > 0) await doAll(house, one(orders, 0).plan.buyer, deeds)
}

interface Deed {
  readonly name: string
  readonly gives: string
  readonly input: Readonly<Record<string, unknown>>
}

/** Several mutations in one request; none may be refused. */
async function doAll(house: House, buyer: string, deeds: readonly Deed[]): Promise<readonly Fields[]> {
  const ask = await house.as({ sub: buyer, roles: ['member'] })
  const typed = deeds.map(({ name }, at) => `$i${at}: ${name.charAt(0).toUpperCase()}${name.slice(1)}Input!`)
  const asked = deeds.map(({ name, gives }, at) => `d${at}: ${name}(input: $i${at}) { ${gives} ${ERRORS} }`)
  const variables = Object.fromEntries(deeds.map(({ input }, at) => [`i${at}`, input]))
  const { data, errors } = await ask({ query: `mutation (${typed.join(', ')}) { ${asked.join(' ')} }`, variables })
  if (errors.length > 0) throw new Error(JSON.stringify(errors))
  const payloads = Object.values(fields(data, 'data')).map((payload) => fields(payload, 'payload'))
  const refused = payloads.flatMap((payload) => list(payload['errors'], 'errors', fields))
  if (refused.length > 0) throw new Error(JSON.stringify(refused))
  return payloads
}

/** Waits until a count is zero. */
export async function isZero(house: House, count: string): Promise<void> {
  for (;;) {
    const { rows } = await house.db.query<{ open: number }>(count)
    if (rows[0]?.open === 0) return
    await pause(systemClock, 200)
  }
}

/** Follows links in one browser; gives the first one's click id. */
async function followed(links: readonly string[]): Promise<string> {
  const clicks: string[] = []
  let cookie = ''
  for (const url of links) {
    const headers = { 'user-agent': 'Mozilla/5.0 (iPhone)', cookie }
    const answer = await call({ url, method: 'GET', headers, timeoutMs: 30_000, mostBytes: 10_000 })
    cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? ''
    const sale = new URL(answer.headers.get('location') ?? '', url)
    clicks.push(text(sale.searchParams.get('click'), 'click'))
  }
  return one(clicks, 0)
}

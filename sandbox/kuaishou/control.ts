import { fields, json, maybe, text, whole } from '../../platform/decode.js'
import { jsonAnswer, type Door, type DoorAnswer, type DoorRequest } from '../../platform/http/door.js'
import { Failure } from '../../platform/failure.js'
import { Refused } from './answers.js'
import type { Buyers } from './buyers.js'
import { subsidise } from './subsidies.js'
import type { World } from './world.js'

/** What tests ask of a sandbox in another process; paths that the platform does not have. In the same process `buyers` does it. */
export function controlDoors(world: World, buyers: Buyers): readonly Door[] {
  const post = (path: string, work: (body: Body) => Promise<unknown>): Door => ({
    method: 'POST',
    path: `/sandbox/${path}`,
    answer: (request) => answered(work, request),
  })
  return [
    post('buy', async (body) => {
      const order = await buyers.buy({ skuId: body.id('skuId'), num: body.num })
      return { oid: order?.oid ?? null }
    }),
    post('cancel', (body) => done(() => buyers.cancel(body.id('oid')))),
    post('move', (body) => done(() => buyers.move(body.id('oid')))),
    post('subsidise', (body) =>
      done(() =>
        subsidise(world, { relSkuId: body.id('relSkuId'), fen: body.fen('fen'), budgetFen: body.fen('budgetFen') }),
      ),
    ),
    post('receive', (body) => done(() => buyers.receive(body.id('oid')))),
    post('refund', (body) =>
      Promise.resolve({ refundId: buyers.refund(body.id('oid'), body.has('fen') ? { fen: body.fen('fen') } : {}) }),
    ),
    {
      method: 'GET',
      path: '/sandbox/orders',
      answer: () => Promise.resolve(jsonAnswer(200, { orders: ordersOf(world) })),
    },
  ]
}

interface Body {
  id(name: string): string
  fen(name: string): number
  has(name: string): boolean
  readonly num: number
}

/** Every order with its fen: what the buyer pays, and what he got back. */
function ordersOf({ memory }: World): readonly object[] {
  return memory.orders.map(({ oid, status, num, totalFen, refundedFen, payTime }) => ({
    ...{ oid, status, num, totalFen, refundedFen, paidFen: payTime === 0 ? 0 : totalFen },
  }))
}

async function answered(work: (body: Body) => Promise<unknown>, { body }: DoorRequest): Promise<DoorAnswer> {
  const it = fields(json(Buffer.from(body).toString('utf8'), 'body'), 'body')
  const read = {
    id: (name: string) => text(it[name], name),
    fen: (name: string) => whole(it[name], name, { least: 0, most: 100_000_000 }),
    has: (name: string) => it[name] !== undefined,
  }
  try {
    const num = maybe(it['num'], 'num', (value, place) => whole(value, place, { least: 1, most: 999 })) ?? 1
    return jsonAnswer(200, await work({ ...read, num }))
  } catch (error) {
    if (error instanceof Refused) throw new Failure('STATE_FORBIDS', error.message, { cause: error })
    throw error
  }
}

async function done(deed: () => void): Promise<object> {
  deed()
  return await Promise.resolve({ done: true })
}

import { createClient } from 'redis'
import { Failure } from '../../platform/failure.js'
import { openCounter } from '../../subgraphs/orders/flow/counter.js'
import { placeBatch } from '../../subgraphs/orders/flow/place-batch.js'
import type { Shop } from '../../subgraphs/orders/flow/shop.js'
import type { Buy } from './load.js'
import { ENDLESS_MS, rushOrder, type RushSale, type RushShop } from './rush-shop.js'

/** The counter as the subgraph opens it, with what is known to be sold out. */
export function batched({ shop, config, board }: RushShop, sales: readonly RushSale[], patient = false): Buy {
  const counter = openCounter(shop, { ...config.counter, ...(patient && { patienceMs: ENDLESS_MS }) }, board)
  return (member) => counter.place(rushOrder(member, saleOf(member, sales)))
}

/** The same statements with one order in each transaction. */
export function oneByOne(shop: Shop, sales: readonly RushSale[]): Buy {
  return async (member) => {
    const [answer] = await placeBatch(shop, [rushOrder(member, saleOf(member, sales))]).catch(outOfPool)
    if (answer === undefined || answer instanceof Error) throw answer ?? new Error('nothing was answered')
    if (!('order' in answer)) throw new Failure(answer.code, answer.message)
  }
}

/** Whoever waits ten seconds for one of the pool's connections has none: his refusal, and no reason to end the bench. */
function outOfPool(cause: unknown): never {
  const isTimeout = cause instanceof Error && cause.message.startsWith('timeout exceeded')
  throw isTimeout ? new Failure('POOL_TIMEOUT', cause.message) : cause
}

/** Not durable, and no order at all: the limit. The quota and the member's limit, checked and taken in one script. */
const TAKE = `
local left = tonumber(redis.call('get', KEYS[1]))
if left <= 0 then return 'OFFER_CLOSED' end
if redis.call('hincrby', KEYS[2], ARGV[1], 1) > tonumber(ARGV[2]) then return 'LIMIT_PER_MEMBER' end
redis.call('decr', KEYS[1])
return 'OK'`

/** Opens the seller in Redis. */
export async function inRedis(url: string, { skus, pieces }: { readonly skus: number; readonly pieces: number }) {
  const client = createClient({ url })
  await client.connect()
  const sha = await client.scriptLoad(TAKE)
  for (let at = 0; at < skus; at++) await client.set(`left:${at}`, pieces)
  const buy: Buy = async (member) => {
    const answer: unknown = await client.evalSha(sha, {
      keys: [`left:${member % skus}`, `had:${member % skus}`],
      arguments: [String(member), '2'],
    })
    if (answer !== 'OK') throw new Failure(typeof answer === 'string' ? answer : 'NO_ANSWER', 'refused')
  }
  const negative = async (): Promise<number> => {
    const left = await Promise.all(Array.from({ length: skus }, (_, at) => client.get(`left:${at}`)))
    return left.reduce((sum, one) => sum + Math.max(0, -Number(one)), 0)
  }
  return { buy, negative, close: () => client.flushAll().then(() => client.close()) }
}

/** Buyers are shared out evenly over the sales. */
export function saleOf(member: number, sales: readonly RushSale[]): RushSale {
  const sale = sales[member % sales.length]
  if (sale === undefined) throw new Error('nothing is on sale')
  return sale
}

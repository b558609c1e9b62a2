import type { FailureCode } from '../../../schema/failures.js'
import type { FlashSaleState } from '../../../schema/events/orders.js'

/** What one order asks to hold. */
export interface Wish {
  /** Who buys: limits per member are counted by it. */
  readonly buyer: string
  readonly lines: readonly WishLine[]
}
export interface WishLine {
  readonly variant: string
  readonly quantity: number
  /** From a flash sale's quota instead of the free stock. */
  readonly flashSale: string | null
}

/** What there is to give: the stock and the sales of all wishes, read under lock. */
export interface Supply {
  /** Free pieces by variant. */
  readonly available: ReadonlyMap<string, number>
  readonly sales: ReadonlyMap<string, SaleSupply>
}
export interface SaleSupply {
  readonly variant: string
  readonly state: FlashSaleState
  readonly left: number
  readonly perMember: number
  /** Pieces that each buyer has had already. */
  readonly taken: ReadonlyMap<string, number>
}

/** Why a wish is not granted; null says it is. */
export type Verdict = { readonly code: FailureCode; readonly message: string } | null

/**
 * Gives by arrival: each wish wholly or not at all, the first before the second, with what the ones before it left.
 * Quotas and limits per member hold inside the batch as they hold between batches.
 */
export function allot(wishes: readonly Wish[], supply: Supply): readonly Verdict[] {
  const rest = new Rest(supply)
  return wishes.map((wish) => {
    const verdict = rest.verdict(wish)
    if (verdict === null) rest.take(wish)
    return verdict
  })
}

/** What is left while a batch is being served. */
class Rest {
  readonly #supply: Supply
  readonly #used = new Map<string, number>()

  constructor(supply: Supply) {
    this.#supply = supply
  }

  /** Lines of one wish may ask for the same thing: they are judged together, by what each pool would have to give. */
  verdict(wish: Wish): Verdict {
    for (const [pool, quantity] of drawn(wish)) {
      const verdict =
        pool.sale === null ? this.#fromStock(pool.variant, quantity) : this.#fromSale(wish, pool, quantity)
      if (verdict !== null) return verdict
    }
    return null
  }

  take(wish: Wish): void {
    for (const [pool, quantity] of drawn(wish)) {
      this.#use(keyOf(pool), quantity)
      if (pool.sale !== null) this.#use(`${wish.buyer} ${pool.sale}`, quantity)
    }
  }

  #fromStock(variant: string, quantity: number): Verdict {
    const left = (this.#supply.available.get(variant) ?? 0) - this.#usedOf(variant)
    return quantity <= left ? null : { code: 'STOCK_SHORT', message: `${quantity} were asked for, ${left} are left` }
  }

  #fromSale(wish: Wish, pool: Pool, quantity: number): Verdict {
    const sale = this.#supply.sales.get(pool.sale ?? '')
    if (sale?.variant !== pool.variant) return { code: 'NOT_FOUND', message: 'no such flash sale of this variant' }
    if (sale.state !== 'OPEN') return { code: 'OFFER_CLOSED', message: `the flash sale is ${sale.state}` }
    const left = sale.left - this.#usedOf(keyOf(pool))
    if (left <= 0) return { code: 'OFFER_CLOSED', message: 'the flash sale is sold out' }
    if (quantity > left)
      return { code: 'STOCK_SHORT', message: `${quantity} were asked for, ${left} are left in the sale` }
    const had = (sale.taken.get(wish.buyer) ?? 0) + this.#usedOf(`${wish.buyer} ${pool.sale ?? ''}`)
    if (had + quantity <= sale.perMember) return null
    return { code: 'LIMIT_PER_MEMBER', message: `at most ${sale.perMember} for each member, ${had} were had` }
  }

  #use(key: string, quantity: number): void {
    this.#used.set(key, this.#usedOf(key) + quantity)
  }

  #usedOf(key: string): number {
    return this.#used.get(key) ?? 0
  }
}

interface Pool {
  readonly variant: string
  readonly sale: string | null
}

function keyOf(pool: Pool): string {
  return pool.sale ?? pool.variant
}

function drawn(wish: Wish): ReadonlyMap<Pool, number> {
  const pools = new Map<string, Pool>()
  const sums = new Map<Pool, number>()
  for (const line of wish.lines) {
    const pool = pools.get(`${line.variant} ${line.flashSale ?? ''}`) ?? { variant: line.variant, sale: line.flashSale }
    pools.set(`${line.variant} ${line.flashSale ?? ''}`, pool)
    sums.set(pool, (sums.get(pool) ?? 0) + line.quantity)
  }
  return sums
}

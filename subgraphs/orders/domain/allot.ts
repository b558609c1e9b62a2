import type { FailureCode } from '../../../schema/failures.js'
import type { FlashSaleState } from '../../../schema/events/orders.js'
import { PreSalesLeft, type PreSaleSupply } from './pre-sale.js'
import { AsideLeft, type Aside } from './set-aside.js'
import { chooseWarehouse, MAIN, nearness, sourcesOf, type Shelf } from './warehouses.js'

/** What one order asks to hold. */
export interface Wish {
  /** Who buys: limits per member are counted by it. */
  readonly buyer: string
  readonly lines: readonly WishLine[]
  /** Where it goes, as far as it is known. */
  readonly region?: string | null
}
export interface WishLine {
  readonly variant: string
  readonly quantity: number
  /** From a flash sale's quota instead of the free stock. */
  readonly flashSale: string | null
  /** The pre-sale whose quota it counts against, while its pieces come from the free stock. */
  readonly preSale?: string
}

/** What there is to give: the stock and the sales of all wishes, read under lock. */
export interface Supply {
  /** Free pieces by variant. */
  readonly available: ReadonlyMap<string, number>
  /** What lies where, of variants that do not all lie in the main warehouse. */
  readonly shelves?: ReadonlyMap<string, readonly Shelf[]>
  readonly sales: ReadonlyMap<string, SaleSupply>
  /** What is set aside for who waited, beside what is left for all. */
  readonly aside?: Aside
  readonly preSales?: ReadonlyMap<string, PreSaleSupply>
}
export interface SaleSupply {
  readonly variant: string
  /** Where its pieces lie, and which regions are served from there; none: the main warehouse, and all. */
  readonly warehouse?: string
  readonly serves?: readonly string[]
  readonly state: FlashSaleState
  readonly left: number
  readonly perMember: number
  /** Pieces that each buyer has had already. */
  readonly taken: ReadonlyMap<string, number>
}

/** Why a wish is not granted; null says it is. */
export type Verdict = { readonly code: FailureCode; readonly message: string } | null

/** What became of a wish: refused, or the warehouse that each of its lines leaves. */
export interface Allotment {
  readonly refusal: Verdict
  readonly from: readonly string[]
}

/**
 * Gives by arrival: each wish wholly or not at all, the first before the second, with what the ones before it left.
 * Quotas and limits per member hold inside the batch as they hold between batches.
 */
export function allot(wishes: readonly Wish[], supply: Supply): readonly Allotment[] {
  const rest = new Rest(supply)
  return wishes.map((wish) => {
    const refusal = rest.verdict(wish)
    if (refusal !== null) return { refusal, from: [] }
    const from = rest.warehouses(wish)
    if ('code' in from) return { refusal: from, from: [] }
    rest.take(wish, from)
    return { refusal: null, from }
  })
}

/** What is left while a batch is being served. */
class Rest {
  readonly #supply: Supply
  readonly #used = new Map<string, number>()
  readonly #aside: AsideLeft
  readonly #preSales: PreSalesLeft

  constructor(supply: Supply) {
    this.#supply = supply
    this.#preSales = new PreSalesLeft(supply.preSales ?? new Map())
    this.#aside = new AsideLeft(supply.aside ?? new Map())
  }

  /** Lines of one wish may ask for the same thing: they are judged together, by what each pool would have to give. */
  verdict(wish: Wish): Verdict {
    for (const [pool, quantity] of drawn(wish)) {
      const verdict =
        pool.sale === null ? this.#fromStock(pool.variant, quantity) : this.#fromSale(wish, pool, quantity)
      if (verdict !== null) return verdict
    }
    return this.#fromPreSale(wish)
  }

  /**
   * For each line the warehouse that it leaves, the largest chosen for first; or why there is none. Only what is chosen for others of the
   * same wish is counted here: `take` makes it so.
   */
  warehouses(wish: Wish): readonly string[] | NonNullable<Verdict> {
    const from = wish.lines.map(({ flashSale }) => this.#supply.sales.get(flashSale ?? '')?.warehouse ?? MAIN)
    const [chosen, region] = [new Map<string, number>(), wish.region ?? null]
    const order = wish.lines.map((line, place) => ({ line, place }))
    for (const { line, place } of order.sort((a, b) => b.line.quantity - a.line.quantity)) {
      const one = line.flashSale === null ? this.#shelfFor(line, region, chosen) : this.#ofSale(line.flashSale, region)
      if (typeof one === 'object') return one
      from[place] = one
      const shelf = shelfKey(line.variant, one)
      chosen.set(shelf, (chosen.get(shelf) ?? 0) + line.quantity)
    }
    return from
  }

  #ofSale(flashSale: string, region: string | null): string | NonNullable<Verdict> {
    const { warehouse = MAIN, serves = [] } = this.#supply.sales.get(flashSale) ?? {}
    return nearness(serves, region) === null ? notServed(region) : warehouse
  }

  #shelfFor(
    { variant, quantity }: WishLine,
    region: string | null,
    chosen: ReadonlyMap<string, number>,
  ): string | NonNullable<Verdict> {
    const shelves = this.#supply.shelves?.get(variant)
    if (shelves === undefined) return MAIN
    const sources = sourcesOf(shelves, region, (warehouse) => {
      const key = shelfKey(variant, warehouse)
      return this.#usedOf(key) + (chosen.get(key) ?? 0)
    })
    if (sources.length === 0) return notServed(region)
    const most = Math.max(...sources.map(({ free }) => free))
    const message = `${quantity} were asked for, ${most} are left in one warehouse`
    return chooseWarehouse(sources, quantity) ?? { code: 'STOCK_SHORT', message }
  }

  take(wish: Wish, from: readonly string[]): void {
    for (const { preSale, quantity } of wish.lines)
      if (preSale !== undefined) this.#preSales.take(preSale, wish.buyer, quantity)
    if (this.#supply.shelves !== undefined)
      for (const [place, { variant, quantity, flashSale }] of wish.lines.entries())
        if (flashSale === null) this.#use(shelfKey(variant, from[place] ?? MAIN), quantity)
    for (const [pool, quantity] of drawn(wish)) {
      if (pool.sale === null || !this.#aside.take(pool.sale, wish.buyer, quantity)) this.#use(keyOf(pool), quantity)
      if (pool.sale !== null) this.#use(`${wish.buyer} ${pool.sale}`, quantity)
    }
  }

  /** An order of a pre-sale has one line. */
  #fromPreSale({ buyer, lines: [line] }: Wish): Verdict {
    return line?.preSale === undefined ? null : this.#preSales.verdict(line.preSale, buyer, line.quantity)
  }

  #fromStock(variant: string, quantity: number): Verdict {
    const left = (this.#supply.available.get(variant) ?? 0) - this.#usedOf(variant)
    return quantity <= left ? null : { code: 'STOCK_SHORT', message: `${quantity} were asked for, ${left} are left` }
  }

  #fromSale(wish: Wish, pool: Pool, quantity: number): Verdict {
    const sale = this.#supply.sales.get(pool.sale ?? '')
    if (sale?.variant !== pool.variant) return { code: 'NOT_FOUND', message: 'no such flash sale of this variant' }
    if (!this.#aside.has(pool.sale ?? '', wish.buyer, quantity)) {
      const verdict = this.#fromLeft(sale, pool, quantity)
      if (verdict !== null) return verdict
    }
    const had = (sale.taken.get(wish.buyer) ?? 0) + this.#usedOf(`${wish.buyer} ${pool.sale ?? ''}`)
    if (had + quantity <= sale.perMember) return null
    return { code: 'LIMIT_PER_MEMBER', message: `at most ${sale.perMember} for each member, ${had} were had` }
  }

  #fromLeft(sale: SaleSupply, pool: Pool, quantity: number): Verdict {
    if (sale.state !== 'OPEN') return { code: 'OFFER_CLOSED', message: `the flash sale is ${sale.state}` }
    const left = sale.left - this.#usedOf(keyOf(pool))
    if (left <= 0) return { code: 'OFFER_CLOSED', message: 'the flash sale is sold out' }
    if (quantity > left)
      return { code: 'STOCK_SHORT', message: `${quantity} were asked for, ${left} are left in the sale` }
    return null
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

function shelfKey(variant: string, warehouse: string): string {
  return `${variant} in ${warehouse}`
}

function notServed(region: string | null): NonNullable<Verdict> {
  return { code: 'NOT_DELIVERED', message: `no warehouse that has it serves ${region ?? 'anybody'}` }
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

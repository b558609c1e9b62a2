import type { Database } from '../../../platform/db/database.js'
import { Failure } from '../../../platform/failure.js'
import { refuse } from '../../../schema/refuse.js'
import { allot, type SaleSupply, type Wish } from '../domain/allot.js'
import { checkTotal, draftOrder, type Draft, type ShopFacts } from '../domain/draft.js'
import { leftIn } from '../domain/flash-sale.js'
import { lockFlashSales, takenBy, type FlashSaleRow } from '../store/flash-sales.js'
import { lockStock } from '../store/stock.js'
import { ownerOf, type PlaceRequest } from './place-request.js'
import type { Shop } from './shop.js'
import { distinct, shopFacts } from './shop-facts.js'
import { saleRowState } from './tell-orders.js'

/** What became of a batch: for each request its draft, when its pieces are to be held, or why not. */
export interface Decisions {
  readonly at: Date
  readonly sales: ReadonlyMap<string, FlashSaleRow>
  readonly results: readonly (Draft | Failure)[]
}

/** locks (sales, then stock) -> the database's time -> facts -> a draft for each -> by arrival, who gets what he asks for. */
export async function decideBatch(tx: Database, shop: Shop, requests: readonly PlaceRequest[]): Promise<Decisions> {
  const lines = requests.flatMap((request) => request.lines)
  const sales = await lockFlashSales(tx, distinct(lines.map((line) => line.flashSale)))
  const stock = await lockStock(tx, distinct(lines.map((line) => line.variant)))
  const at = await shop.databaseClock(tx)
  const facts = await shopFacts(tx, lines, { at, sales })
  const drafts = requests.map((request) => draftOrRefusal(request, facts))
  const verdicts = allot(
    requests.map((request, place) => wishOf(request, drafts[place])),
    {
      available: new Map([...stock].map(([variant, row]) => [variant, row.available])),
      sales: await saleSupplies(tx, { requests, sales, at }),
    },
  )
  const results = drafts.map((draft, place) => {
    const verdict = verdicts[place] ?? null
    return verdict === null ? draft : refuse(verdict.code, verdict.message)
  })
  return { at, sales, results }
}

function draftOrRefusal(request: PlaceRequest, facts: ShopFacts): Draft | Failure {
  try {
    const draft = draftOrder(request.lines, facts)
    checkTotal(draft, request.expectedTotalMinor)
    return draft
  } catch (refusal) {
    if (refusal instanceof Failure) return refusal
    throw refusal
  }
}

/** A request that was refused already wishes for nothing, so that its verdict leaves everything to the others. */
function wishOf(request: PlaceRequest, draft: Draft | Failure | undefined): Wish {
  return { buyer: ownerOf(request.buyer), lines: draft === undefined || draft instanceof Failure ? [] : draft.lines }
}

async function saleSupplies(
  tx: Database,
  batch: { requests: readonly PlaceRequest[]; sales: ReadonlyMap<string, FlashSaleRow>; at: Date },
): Promise<ReadonlyMap<string, SaleSupply>> {
  const pairs = batch.requests.flatMap(({ buyer, lines }) =>
    lines.flatMap(({ flashSale }) => (flashSale === null ? [] : [{ flashSale, buyer: ownerOf(buyer) }])),
  )
  const taken = await takenBy(tx, pairs)
  const supplies = new Map<string, SaleSupply>()
  for (const [id, sale] of batch.sales)
    supplies.set(id, {
      variant: sale.variant,
      state: saleRowState(sale, batch.at),
      left: leftIn(sale),
      perMember: sale.per_member,
      taken: taken.get(id) ?? new Map<string, number>(),
    })
  return supplies
}

import { BucketFill } from '../domain/buckets.js'
import type { FlashSaleRow } from '../store/flash-sales.js'
import type { SaleEntry } from './change-sales.js'

/** From which bucket each line of a batch takes the pieces of a divided sale, by arrival. */
export class SaleFills {
  readonly #sales: ReadonlyMap<string, FlashSaleRow>
  readonly #fills: ReadonlyMap<string, BucketFill>

  constructor(sales: ReadonlyMap<string, FlashSaleRow>) {
    this.#sales = sales
    this.#fills = new Map(
      [...sales].flatMap(([id, { divided }]) => (divided === null ? [] : [[id, new BucketFill(divided)]])),
    )
  }

  /** The bucket of a line, as its row has it; nothing for one of no divided sale. */
  bucketFor({ flashSale, quantity }: { readonly flashSale: string | null; readonly quantity: number }): {
    readonly bucket?: number
  } {
    const fill = flashSale === null ? undefined : this.#fills.get(flashSale)
    return fill === undefined ? NO_BUCKET : { bucket: fill.take(quantity) }
  }

  /** What moved from bucket to bucket, so that no line was torn. */
  moved(): readonly SaleEntry[] {
    return [...this.#fills].flatMap(([id, { moved }]) => {
      const sale = this.#sales.get(id)
      if (sale === undefined) return []
      return [...moved].map(([bucket, quota]) => ({ sale, bucket, change: { held: 0, sold: 0, returned: 0, quota } }))
    })
  }
}

const NO_BUCKET = {}

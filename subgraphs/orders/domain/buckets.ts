/**
 * A sale for which one row is not enough is divided: its quota lies in several buckets, each a row of its own, so that order processes
 * that sell it need not wait for each other. A process begins with its own bucket and goes on to the others.
 */
export interface Bucket {
  readonly bucket: number
  readonly quota: number
  readonly held: number
  readonly sold: number
  readonly returned: number
}

/** The most buckets of a sale. */
export const MOST_BUCKETS = 64

/** How many buckets a sale has: written in its id, since whoever locks it must know before. One: its own row. */
export function bucketsOf(flashSale: string): number {
  const [, count] = /~(\d{1,2})$/.exec(flashSale) ?? []
  return count === undefined ? 1 : Number(count)
}

/** The id of a sale with so many buckets. */
export function dividedId(flashSale: string, buckets: number): string {
  return buckets === 1 ? flashSale : `${flashSale}~${buckets}`
}

/** A quota in so many parts, as equal as whole pieces are. */
export function divide(quota: number, buckets: number): readonly number[] {
  const least = Math.floor(quota / buckets)
  return Array.from({ length: buckets }, (_, bucket) => least + (bucket < quota % buckets ? 1 : 0))
}

/** Pieces of a bucket that nobody holds. */
export function freeInBucket({ quota, held, sold, returned }: Bucket): number {
  return quota - held - sold - returned
}

/**
 * Takes pieces out of locked buckets, line by line, in the order of the buckets. A line has all of its pieces from one bucket, and gives
 * them back to it: where no bucket has all of them, quota moves to the first from the others, and none is left lying.
 */
export class BucketFill {
  readonly #free: Map<number, number>
  readonly #moved = new Map<number, number>()

  constructor(buckets: readonly Bucket[]) {
    this.#free = new Map(buckets.map((bucket) => [bucket.bucket, freeInBucket(bucket)]))
  }

  /** The bucket that so many pieces are taken from. All buckets together must have them. */
  take(quantity: number): number {
    const [fitting] = [...this.#free].find(([, free]) => free >= quantity) ?? []
    const bucket = fitting ?? this.#gather(quantity)
    this.#free.set(bucket, (this.#free.get(bucket) ?? 0) - quantity)
    return bucket
  }

  /** How much quota moved into each bucket, or out of it (negative); together it is nothing. */
  get moved(): ReadonlyMap<number, number> {
    return this.#moved
  }

  #gather(quantity: number): number {
    const [first, ...others] = [...this.#free.keys()]
    let missing = quantity - (this.#free.get(first ?? -1) ?? 0)
    for (const other of others) {
      const part = Math.min(missing, this.#free.get(other) ?? 0)
      if (first !== undefined) this.#shift(other, first, part)
      missing -= part
    }
    if (first === undefined || missing > 0) throw new Error('more was taken from a sale than its buckets have')
    return first
  }

  #shift(from: number, to: number, pieces: number): void {
    for (const [bucket, change] of [
      [from, -pieces],
      [to, pieces],
    ] as const) {
      this.#free.set(bucket, (this.#free.get(bucket) ?? 0) + change)
      this.#moved.set(bucket, (this.#moved.get(bucket) ?? 0) + change)
    }
  }
}

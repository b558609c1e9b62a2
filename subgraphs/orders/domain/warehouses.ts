import { prefixesOf } from '../../../schema/regions.js'

/** Where everything lies of which nobody said otherwise. It serves every region. */
export const MAIN = 'Warehouse:main'

/** Pieces: all that ever came in, those that are held, and those that are sold. */
export interface Balance {
  readonly onHand: number
  readonly reserved: number
  readonly sold: number
}

/** What of one variant lies in one warehouse. */
export interface Shelf extends Balance {
  readonly warehouse: string
  /** The regions that the warehouse serves, by their beginnings; none: all. */
  readonly serves: readonly string[]
}

/** Pieces that can be sold now. */
export function freeIn({ onHand, reserved, sold }: Balance): number {
  return onHand - reserved - sold
}

/** How narrowly a warehouse names a region, in digits; null: it does not serve it. An unknown region (null) every one serves. */
export function nearness(serves: readonly string[], region: string | null): number | null {
  if (serves.length === 0 || region === null) return 0
  return prefixesOf(region).find((prefix) => serves.includes(prefix))?.length ?? null
}

/** A warehouse with pieces for a region. */
export interface Source {
  readonly warehouse: string
  readonly near: number
  readonly free: number
}

/** The warehouses that a line may leave: those that serve the region and have pieces beside those that others are given of them. */
export function sourcesOf(
  shelves: readonly Shelf[],
  region: string | null,
  givenOf: (warehouse: string) => number = () => 0,
): readonly Source[] {
  return shelves.flatMap(({ warehouse, serves, ...balance }) => {
    const [near, free] = [nearness(serves, region), freeIn(balance) - givenOf(warehouse)]
    return near === null || free <= 0 ? [] : [{ warehouse, near, free }]
  })
}

/**
 * The warehouse that a line leaves: of those that have all of it the one that names the region most narrowly, then the one with the
 * most. A line is never split; who cannot be served from one warehouse may ask for it as two lines.
 */
export function chooseWarehouse(sources: readonly Source[], quantity: number): string | null {
  let best: Source | null = null
  for (const source of sources) if (source.free >= quantity && (best === null || isBetter(source, best))) best = source
  return best?.warehouse ?? null
}

/** Among equals the first by name, so that the same question has the same answer. */
function isBetter(one: Source, other: Source): boolean {
  if (one.near !== other.near) return one.near > other.near
  if (one.free !== other.free) return one.free > other.free
  return one.warehouse < other.warehouse
}

/** The shelves after some movements, by warehouse; `null`: all of it lies in the main one. A shelf that gets its first pieces is begun. */
export function shelvesAfter(
  shelves: readonly Shelf[] | null,
  before: Balance,
  changes: ReadonlyMap<string, Balance>,
): readonly Shelf[] | null {
  if (shelves === null && [...changes.keys()].every((warehouse) => warehouse === MAIN)) return null
  const { onHand, reserved, sold } = before
  const known = shelves ?? [{ warehouse: MAIN, serves: [], onHand, reserved, sold }]
  const begun = [...changes.keys()]
    .filter((warehouse) => !known.some((shelf) => shelf.warehouse === warehouse))
    .map((warehouse) => ({ warehouse, serves: [], ...NOTHING }))
  return [...known, ...begun].map((shelf) => ({ ...shelf, ...plus(shelf, changes.get(shelf.warehouse) ?? NOTHING) }))
}

export const NOTHING: Balance = { onHand: 0, reserved: 0, sold: 0 }

export function plus(one: Balance, other: Balance): Balance {
  return { onHand: one.onHand + other.onHand, reserved: one.reserved + other.reserved, sold: one.sold + other.sold }
}

/**
 * Regions are numbers of the national list (GB/T 2260): two digits name a province, four a city, six a district, more a street in it.
 * A rule names regions by their beginning, and what names one most narrowly decides.
 */

/** The district, the city and the province of a region's number, as far as it names them. */
export function prefixesOf(region: string): readonly string[] {
  return [6, 4, 2].filter((digits) => region.length >= digits).map((digits) => region.slice(0, digits))
}

/** Where something is delivered to. Nothing in `only` means everywhere. */
export interface Delivery {
  readonly only: readonly string[]
  readonly except: readonly string[]
}

/** Whether an address there is delivered to: an exception goes before its like. */
export function deliversTo({ only, except }: Delivery, region: string): boolean {
  for (const prefix of prefixesOf(region)) {
    if (except.includes(prefix)) return false
    if (only.includes(prefix)) return true
  }
  return only.length === 0
}

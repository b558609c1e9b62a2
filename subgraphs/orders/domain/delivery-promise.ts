/**
 * Where parcels leave, and in how many days they are where. Regions are numbers of the national list (GB/T 2260): two digits name a province,
 * four a city, six a district; what names a region most narrowly decides.
 */
export interface Warehouse {
  readonly region: string
  /** By the beginning of a region's number, `*` for everywhere else; null: nothing goes there. */
  readonly days: ReadonlyMap<string, number | null>
}

/** By when a parcel leaves, and by when it is there. */
export interface DeliveryPromise {
  /** The region of the warehouse. */
  readonly warehouse: string
  readonly leavesBy: Date
  readonly arrivesBy: Date
}

const DAY_MS = 86_400_000
/** China has one time zone, eight hours before UTC; what is ordered by 16:00 leaves on that day. */
const ZONE_MS = 8 * 3_600_000
const CUT_OFF_MS = 16 * 3_600_000

/** What can be promised for an address at a moment: from the warehouse that is fastest there; null where none delivers. */
export function deliveryPromise(
  warehouses: readonly Warehouse[],
  regionCode: string,
  at: Date,
): DeliveryPromise | null {
  const ways = warehouses.flatMap(({ region, days }) => {
    const needed = daysTo(days, regionCode)
    return needed === null ? [] : [{ region, needed }]
  })
  const [fastest] = ways.toSorted((a, b) => a.needed - b.needed)
  if (fastest === undefined) return null
  const leaves = endOfDay(at.getTime() + DAY_MS - CUT_OFF_MS)
  return {
    warehouse: fastest.region,
    leavesBy: new Date(leaves),
    arrivesBy: new Date(leaves + fastest.needed * DAY_MS),
  }
}

function daysTo(days: Warehouse['days'], regionCode: string): number | null {
  for (const digits of [6, 4, 2]) {
    const named = days.get(regionCode.slice(0, digits))
    if (named !== undefined) return named
  }
  return days.get('*') ?? null
}

function endOfDay(ms: number): number {
  return (Math.floor((ms + ZONE_MS) / DAY_MS) + 1) * DAY_MS - ZONE_MS
}

/** Reads rules like `310000: 31=1 3201=1 *=3 54=-; 440000: 44=1 *=4`: warehouses with the days to regions, `-` for those they do not serve. */
export function readWarehouses(written: string): readonly Warehouse[] {
  return written.split(';').map((rule) => {
    const [, region, rest] = /^\s*(\d{6})\s*:\s*(\S[^]*?)\s*$/.exec(rule) ?? []
    if (region === undefined || rest === undefined) throw new Error(FORM)
    return { region, days: new Map(rest.split(/\s+/).map(readDays)) }
  })
}
const FORM = 'of the form 310000: 31=1 *=3 54=-; 440000: 44=1 *=4'

function readDays(word: string): readonly [string, number | null] {
  const [, region, days] = /^(\*|(?:\d\d){1,3})=(-|\d{1,2})$/.exec(word) ?? []
  if (region === undefined || days === undefined) throw new Error(FORM)
  return [region, days === '-' ? null : Number(days)]
}

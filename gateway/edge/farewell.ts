import type { Chance } from '../../platform/time/chance.js'
import type { Clock } from '../../platform/time/clock.js'

/** Tells one client of the end at a moment of its own. */
export type Farewell = (tell: () => void) => void

/** Moments are spread over so much time; none is no wait at all. */
export function farewellWithin(
  ms: number,
  { clock, chance }: { readonly clock: Clock; readonly chance: Chance },
): Farewell {
  return ms === 0 ? (tell) => tell() : (tell) => void clock.after(chance.fraction() * ms, tell)
}

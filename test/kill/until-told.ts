import { NOTHING } from './still-open.js'

/** So many looks in a row without any change are a shop that stands still. Looks and no time: who is frozen does not look either. */
export const LOOKS = 300

/** Looks until nothing is under way any more; gives what still is when that has not changed for long, as a complaint. */
export async function untilTold(look: () => Promise<string>, rest: () => Promise<unknown>): Promise<readonly string[]> {
  let [before, same] = ['', 0]
  for (;;) {
    const open = await look()
    if (open === NOTHING) return []
    same = open === before ? same + 1 : 1
    if (same === LOOKS) return [`in ${LOOKS} looks nothing moved, and still open were ${open}`]
    before = open
    await rest()
  }
}

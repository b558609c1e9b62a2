import type { Chance } from '../../platform/time/chance.js'

/** Every misbehaviour, and how often it happens once it is switched on (a share of the occasions). */
export const FAULTS = {
  /** A post is made, but answered with 20032 and seen 1 to 2 minutes later. */
  late: 0.2,
  /** A post is made, but the answer is a system error: whoever repeats it is told that it is a repetition, or posts twice. */
  'lost-answer': 0.15,
  /** A call is refused with 10023 although `rate_limit_status` says that 150 are left. */
  limit: 0.1,
  /** Ids are left out of an answer to `count` without a word. */
  missing: 0.1,
  /** A count goes down: comments were deleted. */
  falling: 0.1,
  /** A count is that of a while ago. */
  stale: 0.2,
  /** The error code comes as a text instead of a number. */
  'text-code': 0.5,
  /** The link in a post comes back as a short one. */
  shortened: 1,
  /** An author deletes his post. */
  deleted: 0.02,
  /** The business answer about a topic spells `read` as `red`. */
  red: 0.5,
  /** A search of the business interface takes longer than its half second. */
  slow: 0.2,
} as const

export type Fault = keyof typeof FAULTS

/** Says on each occasion whether a misbehaviour happens. */
export interface Faults {
  happens(fault: Fault): boolean
  isOn(fault: Fault): boolean
  /** From now on other ones, by their shares or each time; for tests. */
  set(which: readonly Fault[], always?: 'always'): void
}

/** Misbehaves on the seed of `chance`, in the ways switched on. */
export function faultsOf(which: readonly Fault[], chance: Chance): Faults {
  let on = new Set(which)
  let sure = false
  return {
    happens: (fault) => on.has(fault) && (sure || chance.fraction() < FAULTS[fault]),
    isOn: (fault) => on.has(fault),
    set(others, always) {
      on = new Set(others)
      sure = always !== undefined
    },
  }
}

/** Reads `all`, `none` or a list of names. */
export function readFaults(text: string): readonly Fault[] {
  const names = Object.keys(FAULTS) as Fault[] // the keys of the object above, and no others
  if (text === 'all') return names
  if (text === 'none' || text === '') return []
  return text.split(',').map((word) => {
    const found = names.find((name) => name === word.trim())
    if (found === undefined) throw new Error(`all, none, or some of ${names.join(',')}`)
    return found
  })
}

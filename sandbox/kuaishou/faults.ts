import type { Chance } from '../../platform/time/chance.js'

/** Every misbehaviour with a source, and how often it happens once it is switched on (a share of the occasions). */
export const FAULTS = {
  /** A message is sent twice. */
  repeat: 0.3,
  /** A message is never sent. */
  lose: 0.2,
  /** A message is held back, so that later ones overtake it. */
  disorder: 0.3,
  /** A heartbeat is sent before a message. */
  heartbeat: 0.1,
  /** A writing call is done, but its answer never comes: whoever repeats it does it twice. */
  'lost-answer': 0.15,
  /** The warehouse answers another quantity than it was asked for. */
  quantity: 0.3,
  /** A refund moves between being read and being approved: 300014. */
  race: 0.3,
  /** An order is marked as one of the black industry: riskCode 10001. */
  risk: 0.03,
  /** A paid order may not be shipped until a review has ended. */
  review: 0.1,
  /** A commission is still being calculated. */
  calculating: 0.5,
  /** A call is refused by the day's quota of a test user. */
  quota: 0.02,
  /** A call is refused by the platform's global limit although the app is far below its own. */
  limit: 0.05,
  /** A buyer asks for the money back after the goods have arrived. */
  'late-refund': 0.1,
  /** That buyer wants a part of it only, and keeps the goods. */
  'part-refund': 0.5,
  /** A campaign runs: lists are given for minutes only. */
  windows: 1,
} as const

/** One of the misbehaviours above. */
export type Fault = keyof typeof FAULTS

/** Says on each occasion whether a misbehaviour happens. */
export interface Faults {
  happens(fault: Fault): boolean
  /** From now on other ones, on every occasion if `always`; for tests. */
  set(which: readonly Fault[], always?: boolean): void
}

/** Misbehaves on the seed of `chance`, in the ways switched on. */
export function faultsOf(which: readonly Fault[], chance: Chance): Faults {
  let on = new Set(which)
  let sure = false
  return {
    happens: (fault) => on.has(fault) && (sure || chance.fraction() < FAULTS[fault]),
    set: (others, always = false) => {
      on = new Set(others)
      sure = always
    },
  }
}

/** Reads `all`, `none` or a list like `repeat,lose`; null when a name is unknown. */
export function readFaults(text: string): readonly Fault[] | null {
  const all = Object.keys(FAULTS).filter(isFault)
  if (text === 'all') return all
  if (text === 'none' || text === '') return []
  const named = text.split(',').map((name) => name.trim())
  return named.every(isFault) ? named : null
}

function isFault(name: string): name is Fault {
  return Object.hasOwn(FAULTS, name)
}

import type { Chance } from '../../platform/time/chance.js'

/** Every misbehaviour of providers that shops tell of, and how often it happens once it is switched on (a share of the results). */
export const FAULTS = {
  /** The result is told much later than usual. */
  late: 0.2,
  /** The result is told twice. */
  repeated: 0.3,
  /** Before the true result its opposite is told. */
  contradictory: 0.2,
  /** The result is never told: only who asks learns it. */
  lost: 0.2,
} as const
export type Fault = keyof typeof FAULTS

/** Decides, on a seed, what goes wrong. */
export interface Faults {
  happens(fault: Fault): boolean
}

export function faultsOf(on: readonly Fault[], chance: Chance): Faults {
  return { happens: (fault) => on.includes(fault) && chance.fraction() < FAULTS[fault] }
}

/** Reads a list of names, or `all`, or `none`. */
export function readFaults(text: string): readonly Fault[] {
  const names = Object.keys(FAULTS) as Fault[] // the keys of the object above, and no others
  if (text === 'all') return names
  if (text === 'none' || text === '') return []
  return text.split(',').map((word) => {
    const found = names.find((name) => name === word)
    if (found === undefined) throw new Error(`all, none, or some of ${names.join(',')}`)
    return found
  })
}

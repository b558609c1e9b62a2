import { randomBytes, randomUUID } from 'node:crypto'

/** Chance, handed in, so that a test can print its seed and play the same evening again. */
export interface Chance {
  /** From 0 up to, never reaching, 1. */
  fraction(): number
  bytes(count: number): Buffer
  uuid(): string
}

/** The machine's own. */
export const systemChance: Chance = {
  fraction: () => Math.random(),
  bytes: (count) => randomBytes(count),
  uuid: () => randomUUID(),
}

/** The same row of numbers for the same seed (mulberry32); for tests and sandboxes, never for secrets. */
export function seededChance(seed: number): Chance {
  let state = seed >>> 0
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const bytes = (count: number): Buffer =>
    Buffer.from(Array.from({ length: count }, () => Math.floor(fraction() * 256)))
  return {
    fraction,
    bytes,
    uuid: () =>
      bytes(16)
        .toString('hex')
        .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
  }
}

import { seededChance } from '../../../platform/time/chance.js'
import type { ArgumentModel } from './model.js'

/** Dice over a seed. */
export class Dice {
  readonly #fraction: () => number

  constructor(seed: number) {
    const chance = seededChance(seed)
    this.#fraction = () => chance.fraction()
  }

  upTo(most: number): number {
    return Math.floor(this.#fraction() * (most + 1))
  }

  chance(of: number): boolean {
    return this.#fraction() < of
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.upTo(items.length - 1)]
    if (items.length === 0) throw new Error('nothing to pick from')
    return item as T // the list is not empty
  }

  some<T>(items: readonly T[], of: number): T[] {
    return items.filter(() => this.chance(of))
  }
}

/** A literal for an argument. */
export function literal({ type }: ArgumentModel, dice: Dice): string {
  switch (type) {
    case 'Int':
      return String(dice.upTo(3))
    case 'String':
      return JSON.stringify(dice.pick(['', 'x', '__proto__', 'é"\\']))
    case 'Shade':
      return dice.pick(['RED', 'GREEN'])
    case 'Filter':
      return dice.pick([`{ least: ${dice.upTo(2)} }`, '{ inner: { shade: RED } }', '{ any: [1, { x: "y" }] }'])
    case '[Int!]':
      return dice.pick(['[]', '[1, 2]', '3'])
    case 'Any':
      return dice.pick(['7', '"t"', '{ x: [true, "y"] }'])
  }
}

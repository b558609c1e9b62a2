import { literal, type Dice } from './dice.js'
import type { ArgumentModel, FieldModel } from './model.js'

/** Makes the fields of a model: names, types, arguments, and whether they fail. */
export class FieldMaker {
  readonly #dice: Dice
  readonly #names = new Map<string, Set<string>>()
  #count = 0

  constructor(dice: Dice) {
    this.#dice = dice
  }

  /** A field of `type`; now and then one of another type has its name. */
  field(type: string, base: string, owners: readonly string[], withArgs: boolean): FieldModel {
    return this.#made(this.#name(type), base, owners, withArgs)
  }

  /** A field that shares its name with none. */
  own(base: string, owners: readonly string[], withArgs: boolean): FieldModel {
    return this.#made(`f${this.#count++}`, base, owners, withArgs)
  }

  /** A text that may be null and never fails. */
  scalar(name: string, owners: readonly string[]): FieldModel {
    return bare(name, { base: 'String', nonNull: false, list: false, rows: false, itemNonNull: false }, owners)
  }

  #name(type: string): string {
    const taken = this.#names.get(type) ?? new Set()
    this.#names.set(type, taken)
    const others = [...this.#names.values()].flatMap((names) => [...names].filter((name) => !taken.has(name)))
    const name = others.length > 0 && this.#dice.chance(0.2) ? this.#dice.pick(others) : `f${this.#count++}`
    taken.add(name)
    return name
  }

  #made(name: string, base: string, owners: readonly string[], withArgs: boolean): FieldModel {
    const dice = this.#dice
    const list = dice.chance(0.3)
    const shape = { nonNull: dice.chance(0.3), list, rows: list && dice.chance(0.2), itemNonNull: dice.chance(0.4) }
    return {
      ...bare(name, { base, ...shape }, owners),
      args: withArgs ? this.#arguments() : [],
      fails: dice.chance(0.2),
    }
  }

  #arguments(): ArgumentModel[] {
    return Array.from({ length: 1 + this.#dice.upTo(1) }, (_, at) => {
      const type = this.#dice.pick(['Int', 'String', 'Shade', 'Filter', '[Int!]', 'Any'] as const)
      const plain: ArgumentModel = { name: `p${at}`, type, fallback: null }
      return this.#dice.chance(0.3) ? { ...plain, fallback: literal(plain, this.#dice) } : plain
    })
  }
}

function bare(name: string, type: FieldModel['type'], owners: readonly string[]): FieldModel {
  return {
    name,
    type,
    args: [],
    owners,
    fails: false,
    requires: null,
    overrides: null,
    isInaccessible: false,
    isProvided: false,
    provides: null,
  }
}

import type { Labels } from './observer.js'

/** What is kept for each combination of labels' values. */
export interface Cell<T> {
  readonly labels: Labels
  readonly value: T
}

/**
 * One cell for each combination of labels' values, found without making a text of them: what counts is on everybody's way
 * (bench/gateway). A label that is missing counts as empty; a slip, also a label too many, is told and costs nobody his figure.
 */
export class Cells<T> {
  readonly keys: readonly string[]
  readonly #make: () => T
  readonly #slipped: () => void
  readonly #all: Cell<T>[] = []
  readonly #root: Level<T> = { next: new Map(), cell: null }

  constructor(keys: readonly string[], make: () => T, slipped: () => void) {
    this.keys = keys
    this.#make = make
    this.#slipped = slipped
  }

  get all(): readonly Cell<T>[] {
    return this.#all
  }

  at(labels: Labels): T {
    let level = this.#root
    for (const key of this.keys) {
      const value = labels[key]
      if (value === undefined) this.#slipped()
      level = below(level, value ?? '')
    }
    if (countOf(labels) > this.keys.length) this.#slipped()
    level.cell ??= this.#cell(labels)
    return level.cell.value
  }

  #cell(labels: Labels): Cell<T> {
    const cell = { labels: Object.fromEntries(this.keys.map((key) => [key, labels[key] ?? ''])), value: this.#make() }
    this.#all.push(cell)
    return cell
  }
}

/** Where the values of some labels lead. */
interface Level<T> {
  readonly next: Map<string, Level<T>>
  cell: Cell<T> | null
}

function below<T>(level: Level<T>, value: string): Level<T> {
  let next = level.next.get(value)
  if (next === undefined) level.next.set(value, (next = { next: new Map(), cell: null }))
  return next
}

function countOf(labels: Labels): number {
  let count = 0
  for (const key in labels) if (Object.hasOwn(labels, key)) count++
  return count
}

import type { Labels, Observer } from '../../platform/observe/observer.js'

/** An observer that remembers what was counted. */
export interface Counting extends Observer {
  /** How often, of the labels named. */
  counted(name: string, labels?: Labels): number
}

/** Hears counters; everything else passes by. */
export function counting(): Counting {
  const heard: { readonly name: string; readonly labels: Labels; readonly by: number }[] = []
  return {
    count: (name, labels = {}, by = 1) => void heard.push({ name, labels, by }),
    time: () => undefined,
    gauge: () => undefined,
    log: () => undefined,
    counted: (name, labels = {}) =>
      heard
        .filter((one) => one.name === name && Object.entries(labels).every(([key, value]) => one.labels[key] === value))
        .reduce((sum, { by }) => sum + by, 0),
  }
}

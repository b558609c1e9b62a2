import type { MetricValueWithName } from 'prom-client'
import type { Cells } from './cells.js'

/** Upper bounds of the buckets, in seconds. */
const BOUNDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** How many lasted how long. */
export class Durations {
  readonly #buckets = new Uint32Array(BOUNDS.length + 1)
  #sum = 0

  add(seconds: number): void {
    let at = 0
    while (at < BOUNDS.length && seconds > (BOUNDS[at] ?? 0)) at++
    this.#buckets[at] = (this.#buckets[at] ?? 0) + 1
    this.#sum += seconds
  }

  /** In Prometheus' form, where each bucket counts those before it too. */
  values(name: string, labels: Readonly<Record<string, string>>): readonly MetricValueWithName<string>[] {
    let count = 0
    const buckets = [...this.#buckets].map((more, at) => {
      count += more
      return { metricName: `${name}_bucket`, labels: { le: BOUNDS[at] ?? '+Inf', ...labels }, value: count }
    })
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels, value: this.#sum },
      { metricName: `${name}_count`, labels, value: count },
    ]
  }
}

/** A histogram as the registry reads one. The library's own takes several times as long for each duration (bench/gateway, `list`). */
export function histogram(name: string, help: string, cells: Cells<Durations>) {
  const values = () => cells.all.flatMap(({ labels, value }) => [...value.values(name, labels)])
  return { name, get: () => Promise.resolve({ name, help, type: 'histogram', values: values() }) }
}

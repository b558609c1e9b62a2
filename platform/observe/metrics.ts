import { Counter, Gauge, Registry, collectDefaultMetrics, type Metric } from 'prom-client'
import { Cells } from './cells.js'
import { Durations, histogram } from './durations.js'
import type { Labels } from './observer.js'

/** Counters, durations and gauges in Prometheus' form. Names like `fetch.sent` become `daihuo_fetch_sent_total`. */
export interface Metrics {
  count(name: string, labels?: Labels, by?: number): void
  time(name: string, seconds: number, labels?: Labels): void
  gauge(name: string, value: number, labels?: Labels): void
  /** The page that Prometheus reads, and its content type. */
  readonly page: () => Promise<{ readonly type: string; readonly body: string }>
}

/** A figure while it is counted here. */
interface Tally {
  sum: number
}

/** A metric of the library, and what was counted since its page was read last. */
interface Made<M> {
  readonly metric: M
  readonly cells: Cells<Tally>
}

const NO_LABELS: Labels = {}

/**
 * A registry of its own, with the process's figures; each name is made at its first use with the label keys it comes with. Figures
 * are kept here, and the library hears of them when somebody reads the page.
 */
export function metrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const settings = (name: string, labelNames: readonly string[]) => ({
    name: `daihuo_${name}`,
    help: name,
    labelNames,
    registers: [registry],
  })
  const mislabelled = new Counter(settings('observe_mislabelled_total', ['name']))
  const slipped = (name: string) => () => mislabelled.inc({ name })
  const counters = new Map<string, Made<Counter>>()
  const gauges = new Map<string, Made<Gauge>>()
  const times = new Map<string, Cells<Durations>>()
  const madeOf = <M>(name: string, labels: Labels, make: (keys: readonly string[]) => M): Made<M> => {
    const keys = Object.keys(labels)
    return { metric: make(keys), cells: new Cells(keys, () => ({ sum: 0 }), slipped(name)) }
  }
  const durations = (name: string, labels: Labels): Cells<Durations> => {
    const cells = new Cells(Object.keys(labels), () => new Durations(), slipped(name))
    const printed = metricName(name)
    // What a registry asks of a metric is its name and its values.
    registry.registerMetric(histogram(`daihuo_${printed}_seconds`, `${printed}_seconds`, cells) as unknown as Metric)
    return cells
  }
  return {
    count(name, labels = NO_LABELS, by = 1) {
      const made = (): Made<Counter> =>
        madeOf(name, labels, (keys) => new Counter(settings(`${metricName(name)}_total`, keys)))
      known(counters, name, made).cells.at(labels).sum += by
    },
    time(name, seconds, labels = NO_LABELS) {
      known(times, name, () => durations(name, labels))
        .at(labels)
        .add(seconds)
    },
    gauge(name, value, labels = NO_LABELS) {
      const made = (): Made<Gauge> => madeOf(name, labels, (keys) => new Gauge(settings(metricName(name), keys)))
      known(gauges, name, made).cells.at(labels).sum = value
    },
    async page() {
      for (const { metric, cells } of counters.values())
        for (const { labels, value } of cells.all) {
          metric.inc(labels, value.sum)
          value.sum = 0
        }
      for (const { metric, cells } of gauges.values())
        for (const { labels, value } of cells.all) metric.set(labels, value.sum)
      return { type: registry.contentType, body: await registry.metrics() }
    },
  }
}

function metricName(name: string): string {
  return name.replace(/[^a-zA-Z0-9]+/g, '_')
}

function known<T>(all: Map<string, T>, name: string, make: () => T): T {
  let there = all.get(name)
  if (there === undefined) all.set(name, (there = make()))
  return there
}

import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'
import type { Labels } from './observer.js'

/** Counters, durations and gauges in Prometheus' form. Names like `fetch.sent` become `daihuo_fetch_sent_total`. */
export interface Metrics {
  count(name: string, labels?: Labels, by?: number): void
  time(name: string, seconds: number, labels?: Labels): void
  gauge(name: string, value: number, labels?: Labels): void
  /** The page that Prometheus reads, and its content type. */
  readonly page: () => Promise<{ readonly type: string; readonly body: string }>
}

const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** A registry of its own, with the process's figures; each name is made at its first use with the label keys it comes with. */
export function metrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const made = {
    counters: new Map<string, Made<Counter>>(),
    times: new Map<string, Made<Histogram>>(),
    gauges: new Map<string, Made<Gauge>>(),
  }
  const settings = (name: string, labels: Labels) => ({
    name: `daihuo_${name}`,
    help: name,
    labelNames: Object.keys(labels),
    registers: [registry],
  })
  const mislabelled = new Counter({ ...settings('observe_mislabelled_total', { name: '' }) })
  const odd = (name: string): void => mislabelled.inc({ name })
  return {
    count(name, labels = {}, by = 1) {
      const it = known(made.counters, name, labels, () => new Counter(settings(`${metricName(name)}_total`, labels)))
      it.metric.inc(fitted(it, labels, odd), by)
    },
    time(name, seconds, labels = {}) {
      const make = (): Histogram =>
        new Histogram({ ...settings(`${metricName(name)}_seconds`, labels), buckets: SECONDS })
      const it = known(made.times, name, labels, make)
      it.metric.observe(fitted(it, labels, odd), seconds)
    },
    gauge(name, value, labels = {}) {
      const it = known(made.gauges, name, labels, () => new Gauge(settings(metricName(name), labels)))
      it.metric.set(fitted(it, labels, odd), value)
    },
    page: async () => ({ type: registry.contentType, body: await registry.metrics() }),
  }
}

/** A metric, and the label keys that it came with first. */
interface Made<T> {
  readonly name: string
  readonly keys: readonly string[]
  readonly metric: T
}

/** A slip in a label is counted and costs the label, never the request that was being counted. */
function fitted({ name, keys }: Made<unknown>, labels: Labels, odd: (name: string) => void): Labels {
  const given = Object.keys(labels)
  if (given.length === keys.length && given.every((key) => keys.includes(key))) return labels
  odd(name)
  return Object.fromEntries(keys.map((key) => [key, labels[key] ?? '']))
}

function metricName(name: string): string {
  return name.replace(/[^a-zA-Z0-9]+/g, '_')
}

function known<T>(all: Map<string, Made<T>>, name: string, labels: Labels, make: () => T): Made<T> {
  const there = all.get(name)
  if (there !== undefined) return there
  const fresh = { name, keys: Object.keys(labels), metric: make() }
  all.set(name, fresh)
  return fresh
}

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
    counters: new Map<string, Counter>(),
    times: new Map<string, Histogram>(),
    gauges: new Map<string, Gauge>(),
  }
  const settings = (name: string, labels: Labels) => ({
    name,
    help: name,
    labelNames: Object.keys(labels),
    registers: [registry],
  })
  return {
    count(name, labels = {}, by = 1) {
      known(made.counters, name, () => new Counter(settings(`daihuo_${metricName(name)}_total`, labels))).inc(
        labels,
        by,
      )
    },
    time(name, seconds, labels = {}) {
      const make = (): Histogram =>
        new Histogram({ ...settings(`daihuo_${metricName(name)}_seconds`, labels), buckets: SECONDS })
      known(made.times, name, make).observe(labels, seconds)
    },
    gauge(name, value, labels = {}) {
      known(made.gauges, name, () => new Gauge(settings(`daihuo_${metricName(name)}`, labels))).set(labels, value)
    },
    page: async () => ({ type: registry.contentType, body: await registry.metrics() }),
  }
}

function metricName(name: string): string {
  return name.replace(/[^a-zA-Z0-9]+/g, '_')
}

function known<T>(all: Map<string, T>, name: string, make: () => T): T {
  const there = all.get(name)
  if (there !== undefined) return there
  const fresh = make()
  all.set(name, fresh)
  return fresh
}

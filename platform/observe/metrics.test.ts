import { describe, expect, it } from 'vitest'
import { metrics } from './metrics.js'

describe('figures', () => {
  it('are printed as Prometheus reads them', async () => {
    const figures = metrics()
    figures.count('fetch.sent', { subgraph: 'orders' }, 2)
    figures.time('edge.took', 0.004)
    figures.gauge('live.viewers', 7)
    const { body } = await figures.page()
    expect(body).toContain('daihuo_fetch_sent_total{subgraph="orders"} 2')
    expect(body).toContain('daihuo_edge_took_seconds_bucket{le="0.005"} 1')
    expect(body).toContain('daihuo_live_viewers 7')
  })

  it('outlive a slip in a label, and count it', async () => {
    const figures = metrics()
    figures.count('fetch.sent', { subgraph: 'orders' })
    figures.count('fetch.sent', { subgraph: 'orders', code: 'ok' })
    const { body } = await figures.page()
    expect(body).toContain('daihuo_fetch_sent_total{subgraph="orders"} 2')
    expect(body).toContain('daihuo_observe_mislabelled_total{name="fetch.sent"} 1')
  })
})

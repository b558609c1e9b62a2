import { describe, expect, it } from 'vitest'
import { mergePages } from './merge-pages.js'
import { metrics } from './metrics.js'

describe('figures of several processes', () => {
  it('are one page that says whose each of them is', async () => {
    const pages = await Promise.all(
      ['1', '2'].map(async (worker) => {
        const figures = metrics()
        figures.count('fetch.sent', { subgraph: 'orders } x' }, Number(worker))
        figures.gauge('live.viewers', 7)
        return { worker, body: (await figures.page()).body }
      }),
    )
    const merged = mergePages(pages)
    expect(merged).toContain(
      [
        '# TYPE daihuo_fetch_sent_total counter',
        'daihuo_fetch_sent_total{worker="1",subgraph="orders } x"} 1',
        'daihuo_fetch_sent_total{worker="2",subgraph="orders } x"} 2',
      ].join('\n'),
    )
    expect(merged).toContain('daihuo_live_viewers{worker="2"} 7\n')
    expect(merged.match(/# HELP daihuo_live_viewers /g)).toHaveLength(1)
  })
})

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readLiveRules } from '../../gateway/supergraph/live-rules.js'
import { projectRoot } from '../../platform/config/project-root.js'

const rules = readLiveRules(readFileSync(join(projectRoot(), 'schema/supergraph.graphql'), 'utf8'))

describe("the shop's supergraph", () => {
  it('says which of its live fields tell everybody the same', () => {
    expect([...rules.shared].sort()).toEqual(['boardChanged', 'liveEvents', 'queuePosition'])
  })

  it('says how viewers of a room go on from a cursor', () => {
    expect([...rules.resume]).toEqual([['liveEvents', { argument: 'after', cursor: 'cursor', gap: 'Gap' }]])
  })

  it('S28 names all that depends on who asks', () => {
    expect([...rules.personal].sort()).toEqual([
      'Board.me',
      'Brand.products',
      'Campaign.myLinks',
      'Campaign.myRank',
      'Campaign.rankForMe',
      'Campaign.scoreForMe',
      'Category.products',
      'Coupon',
      'FlashSale.aheadForMe',
      'FlashSale.keptForMeUntil',
      'FlashSale.leftForMe',
      'FlashSale.positionForMe',
      'Member.actsFor',
      'Member.addresses',
      'Member.eCard',
      'Member.plus',
      'Member.reminders',
      'Member.roles',
      'Order',
      'OrderLine',
      'Plus.periods',
      'Query.hostDeals',
      'Query.myCoupons',
      'Query.quote',
      'Query.subsidySession',
      'TrackedLink',
      'Variant.feed',
      'Variant.kuaishouListing',
    ])
  })

  it('says which of them are asked for a whole crowd at once', () => {
    expect([...rules.slots]).toEqual([
      ['Campaign.rankForMe', { subgraph: 'campaigns', field: 'campaignRanksFor' }],
      ['Campaign.scoreForMe', { subgraph: 'campaigns', field: 'campaignScoresFor' }],
      ['FlashSale.leftForMe', { subgraph: 'orders', field: 'flashSalesLeftFor' }],
      ['FlashSale.positionForMe', { subgraph: 'orders', field: 'queuePositionsFor' }],
      ['FlashSale.aheadForMe', { subgraph: 'orders', field: 'waitsAheadFor' }],
      ['FlashSale.keptForMeUntil', { subgraph: 'orders', field: 'offersUntilFor' }],
    ])
  })

  it('lets values replace each other, and never what must arrive', () => {
    expect([...rules.conflate].map(([type, { maxPerSecond }]) => [type, maxPerSecond])).toEqual([
      ['LikesCounted', 1],
      ['StockMoved', 4],
      ['ViewersCounted', 1],
    ])
  })
})

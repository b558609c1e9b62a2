import { describe, expect, it } from 'vitest'
import { gatewayRoomOf, houseOf, picture, redrawn } from './arrows.js'

describe('the picture of arrows', () => {
  it('has each arrow between rooms once, and none inside a room', () => {
    const arrows = [
      { from: 'gateway/plan/plan.ts', to: 'gateway/operation/operation.ts' },
      { from: 'gateway/plan/planner.ts', to: 'gateway/operation/operation.ts' },
      { from: 'gateway/plan/plan.ts', to: 'gateway/plan/planner.ts' },
      { from: 'gateway/answer.ts', to: 'platform/failure.ts' },
    ]
    expect(picture(arrows, gatewayRoomOf)).toBe('flowchart TD\n  plan --> operation')
    expect(picture(arrows, houseOf)).toBe('flowchart TD\n  gateway --> platform')
  })

  it('knows a connector by its partner', () => {
    expect(houseOf('subgraphs/connectors/weibo/client.ts')).toBe('subgraphs/connectors/weibo')
    expect(houseOf('subgraphs/orders/flow/place.ts')).toBe('subgraphs/orders')
  })

  it('is drawn between its marks and nowhere else', () => {
    const page = 'before\n<!-- house: printed by npm run compose -->\nold\n<!-- end of house -->\nafter'
    expect(redrawn(page, new Map([['house', 'flowchart TD']]))).toMatch(
      /^before\n<!-- house[^]*```mermaid\nflowchart TD\n```\n<!-- end of house -->\nafter$/,
    )
    expect(() => redrawn('nothing', new Map([['house', '']]))).toThrow('no place for house')
  })
})

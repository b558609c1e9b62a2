import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fields, text } from '../../platform/decode.js'
import { act } from '../../scripts/client/deed.js'
import { committedOperations } from '../support/committed-operations.js'
import { openHouse, type House } from '../support/house.js'
import { watch } from '../support/live-viewer.js'
import { until } from '../support/until.js'
import { manager } from './contest.js'

const ERRORS = 'errors { code message }'
const STARS = ['Member:ann', 'Member:bob']

let house: House
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.stop())

/** A contest in which all stars take part, nobody having sold anything: the first of equals is the first by name. */
async function opened(): Promise<string> {
  const boss = await house.as(manager)
  const draft = `mutation ($i: DraftCampaignInput!) { draftCampaign(input: $i) { campaign { id } ${ERRORS} } }`
  const drafted = await act(boss, draft, { i: { title: 'x', closesAt: '2099-01-01T00:00:00.000Z', prizes: [] } })
  const campaignId = text(fields(drafted['campaign'], 'campaign')['id'], 'campaign.id')
  await act(boss, `mutation ($i: OpenCampaignInput!) { openCampaign(input: $i) { ${ERRORS} } }`, { i: { campaignId } })
  const enrol = `mutation ($i: EnrolInfluencersInput!) { enrolInfluencers(input: $i) { ${ERRORS} } }`
  await act(boss, enrol, { i: { campaignId, influencers: STARS } })
  return campaignId
}

describe('S28 whoever watches a board', () => {
  it('is one group with all others, and each sees his own rank', async () => {
    const campaignId = await opened()
    const { query = '' } = committedOperations().find(({ name }) => name === 'BoardChanged') ?? {}
    const names = [...STARS, 'Member:stranger']
    const tokens = await Promise.all(names.map((sub) => house.shop.token({ sub, roles: ['member'] })))
    const viewers = [...tokens, null].map((token) =>
      watch({ socketUrl: house.socketUrl, token, query, variables: { campaignId } }),
    )
    await until(() => house.shop.gateway.live.viewers === viewers.length, 'that all watch')
    expect(house.shop.gateway.live).toMatchObject({ groups: 1, upstreams: 1 })
    const close = `mutation ($i: CloseCampaignInput!) { closeCampaign(input: $i) { ${ERRORS} } }`
    await act(await house.as(manager), close, { i: { campaignId } })
    await Promise.all(viewers.map((viewer) => viewer.sees(() => true, 'the board')))
    expect(viewers.map(({ events }) => fields(events[0]?.['campaign'], 'campaign'))).toEqual(
      [1, 2, null, null].map((rank) => ({
        ...{ id: campaignId, rankForMe: rank, scoreForMe: rank === null ? null : 0 },
      })),
    )
    expect(viewers.map(({ events }) => events[0]?.['total'])).toEqual([2, 2, 2, 2])
    await Promise.all(viewers.map((viewer) => viewer.leave()))
  })
})

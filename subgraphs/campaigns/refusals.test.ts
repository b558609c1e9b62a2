import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eachMigrated } from '../../test/support/databases.js'
import { CAMPAIGNS } from '../../test/support/standing.js'
import { aContest, influencer, manager, read, someone, type Contest } from '../../test/support/contest.js'
import { ANONYMOUS, type Identity } from '../../schema/identity.js'
import type { Database } from '../../platform/db/database.js'

eachMigrated(CAMPAIGNS, (open) => {
  describe('campaigns', () => {
    let contest: Contest
    let db: Database
    beforeAll(async () => {
      db = await open()
      contest = await aContest(db)
    })
    afterAll(async () => {
      await contest.stop()
      await db.close()
    })

    /** The code by which a mutation is refused, as data or as an error. */
    async function refused(mutation: string, input: Record<string, unknown>, who: Identity): Promise<unknown> {
      const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`
      const query = `mutation ($input: ${type}!) { it: ${mutation}(input: $input) { errors { code field } } }`
      const { data, errors } = await contest.hosted.ask({ query, variables: { input } }, who)
      return errors?.[0]?.extensions['code'] ?? (read(data, 'it', 'errors') as { code: string }[])[0]?.code
    }
    const prize = { rank: 1, plusYears: 1, eCard: { amountMinor: 0, currency: 'CNY' } }
    const draft = { title: 'x', closesAt: '2099-01-01T00:00:00.000Z', prizes: [prize] }

    it.each(['draftCampaign', 'openCampaign', 'closeCampaign', 'enrolInfluencers', 'enrol', 'takeLink'])(
      'ask for the role of who calls %s',
      async (mutation) => {
        const ids = { campaignId: 'Campaign:x' }
        const inputs: Record<string, Record<string, unknown>> = {
          draftCampaign: draft,
          enrolInfluencers: { ...ids, influencers: [] },
          takeLink: { ...ids, productId: 'Product:x' },
        }
        const input = inputs[mutation] ?? ids
        expect(await refused(mutation, input, ANONYMOUS)).toBe('UNAUTHENTICATED')
        expect(await refused(mutation, input, someone('Member:shopper'))).toBe('FORBIDDEN')
      },
    )

    it.each([
      ['an empty title', { title: ' ' }],
      ['an end before the beginning', { opensAt: '2099-01-02T00:00:00.000Z' }],
      ['two prizes for one rank', { prizes: [prize, prize] }],
      ['a prize worth nothing', { prizes: [{ ...prize, plusYears: 0 }] }],
      ['a prize that takes away', { prizes: [{ ...prize, eCard: { amountMinor: -1, currency: 'CNY' } }] }],
      ['a window of no hours', { windowHours: 0 }],
    ])('refuse a draft with %s', async (_, wrong) => {
      expect(await refused('draftCampaign', { ...draft, ...wrong }, manager)).toBe('BAD_USER_INPUT')
    })

    it('are drafted once under a key, and another under it is refused', async () => {
      const drafted = async (input: Record<string, unknown>) => {
        const query = `mutation ($input: DraftCampaignInput!) { it: draftCampaign(input: $input) { campaign { id } errors { code } } }`
        return read(await contest.ask(query, { input: { ...draft, ...input } }, manager), 'it', 'campaign', 'id')
      }
      const count = async () => (await db.query('select from campaigns.campaign')).count
      const before = await count()
      const first = await drafted({ idempotencyKey: 'k' })
      expect(await drafted({ idempotencyKey: 'k' })).toBe(first)
      expect(await refused('draftCampaign', { ...draft, title: 'y', idempotencyKey: 'k' }, manager)).toBe(
        'IDEMPOTENCY_MISMATCH',
      )
      expect(await count()).toBe(before + 1)
      expect(await drafted({})).not.toBe(await drafted({}))
    })

    it('refuse to open what is past, to close a draft, and to take part in either', async () => {
      const drafted = await contest.ask(
        `mutation ($input: DraftCampaignInput!) { it: draftCampaign(input: $input) { campaign { id } } }`,
        { input: { ...draft, closesAt: '2020-01-01T00:00:00.000Z' } },
        manager,
      )
      const campaignId = read(drafted, 'it', 'campaign', 'id')
      expect(await refused('openCampaign', { campaignId }, manager)).toBe('STATE_FORBIDS')
      expect(await refused('closeCampaign', { campaignId }, manager)).toBe('STATE_FORBIDS')
      expect(await refused('enrol', { campaignId }, influencer('ann'))).toBe('NOT_FOUND')
    })

    it('show a draft to nobody but the team', async () => {
      const drafted = await contest.ask(
        `mutation ($input: DraftCampaignInput!) { it: draftCampaign(input: $input) { campaign { id } } }`,
        { input: draft },
        manager,
      )
      const id = read(drafted, 'it', 'campaign', 'id')
      const seen = (who: Identity) => contest.ask('query ($id: ID!) { campaign(id: $id) { id } }', { id }, who)
      expect(await seen(ANONYMOUS)).toEqual({ campaign: null })
      expect(await seen(manager)).toEqual({ campaign: { id } })
    })

    it('refuse who has not enrolled a link, and everybody once it is closed', async () => {
      const campaignId = await contest.opened()
      const wish = { campaignId, productId: 'Product:x' }
      expect(await refused('takeLink', wish, influencer('ann'))).toBe('NOT_ENROLLED')
      await contest.linked(campaignId, 'ann')
      expect(await refused('closeCampaign', { campaignId }, manager)).toBeUndefined()
      expect(await refused('enrol', { campaignId }, influencer('bob'))).toBe('CAMPAIGN_CLOSED')
      expect(await refused('takeLink', wish, influencer('ann'))).toBe('CAMPAIGN_CLOSED')
    })

    it('grant nothing where nobody has sold anything', async () => {
      const campaignId = await contest.opened()
      await contest.linked(campaignId, 'ann')
      expect(await refused('closeCampaign', { campaignId }, manager)).toBeUndefined()
      const seen = await contest.ask(
        'query ($id: ID!) { campaign(id: $id) { prizes { winner { id } } } }',
        { id: campaignId },
        ANONYMOUS,
      )
      expect(read(seen, 'campaign', 'prizes')).toEqual([{ winner: null }])
    })

    it.each(['Campaign:nobody', 'Member:x', 'constructor', ''])('know no campaign %j', async (campaignId) => {
      expect(await refused('closeCampaign', { campaignId }, manager)).toMatch(/^(NOT_FOUND|BAD_USER_INPUT)$/)
    })

    it('S32 hold pages within their bound', async () => {
      const { errors } = await contest.hosted.ask(
        { query: '{ campaigns(first: 99999999) { edges { cursor } } }' },
        ANONYMOUS,
      )
      expect(errors?.[0]?.extensions['code']).toBe('BAD_USER_INPUT')
    })
  })
})

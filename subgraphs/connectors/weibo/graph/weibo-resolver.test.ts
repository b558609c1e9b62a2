import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWeiboSandbox, type WeiboSandbox } from '../../../../sandbox/weibo/weibo-sandbox.js'
import { influencer, manager, read, secrets, someone } from '../../../../test/support/contest.js'
import { eachMigrated } from '../../../../test/support/databases.js'
import { WEIBO } from '../../../../test/support/standing.js'
import { aGround } from '../../../../test/support/ground.js'
import { until } from '../../../../test/support/until.js'
import type { Database } from '../../../../platform/db/database.js'
import { silent } from '../../../../platform/observe/observer.js'
import { systemClock } from '../../../../platform/time/clock.js'
import { ANONYMOUS, type Identity } from '../../../../schema/identity.js'
import { runSubgraph, type HostedSubgraph } from '../../../host/run.js'
import { weibo } from '../subgraph.js'

const ANN = influencer('ann')

eachMigrated(WEIBO, (open) => {
  describe('posts on the graph', () => {
    let db: Database
    let sandbox: WeiboSandbox
    let hosted: HostedSubgraph
    beforeAll(async () => {
      db = await open()
      sandbox = await openWeiboSandbox({ port: 0, clock: systemClock, observer: silent, seed: 1, faults: [] })
      const env = { WEIBO_URL: sandbox.url, WEIBO_POLL_MS: '20', WEIBO_CALLS_PER_DAY: '1000000' }
      const node = {
        url: 'https://shop.example/l/a-b',
        influencer: { id: 'Member:ann' },
        campaign: { id: 'Campaign:c' },
      }
      const ask = () => Promise.resolve({ data: { node }, errors: [] })
      hosted = await runSubgraph(weibo({ secrets, env, ask }), aGround({ db }))
    })
    afterAll(async () => {
      await hosted.stop()
      await sandbox.stop()
      await db.close()
    })

    async function deed(name: string, input: Record<string, string>, fields: string, who: Identity): Promise<unknown> {
      const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`
      const query = `mutation ($input: ${type}!) { it: ${name}(input: $input) { ${fields} errors { code field } } }`
      const { data, errors } = await hosted.ask({ query, variables: { input } }, who)
      return errors?.[0]?.extensions['code'] ?? read(data, 'it')
    }
    async function posts(who: Identity): Promise<unknown> {
      const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on TrackedLink {
        posts { text status mid likes ageSeconds link { id } } } } }`
      const of = [{ __typename: 'TrackedLink', id: 'TrackedLink:a' }]
      return read((await hosted.ask({ query, variables: { of } }, who)).data, '_entities', 0, 'posts')
    }

    it('ask for an influencer', async () => {
      expect(await deed('bindWeibo', { code: 'x' }, '', ANONYMOUS)).toBe('UNAUTHENTICATED')
      expect(await deed('postLink', { linkId: 'TrackedLink:a', text: 'x' }, '', someone('Member:shopper'))).toBe(
        'FORBIDDEN',
      )
    })

    it('refuse a code that the network does not know, as data', async () => {
      const refused = await deed('bindWeibo', { code: 'no' }, 'account { uid }', ANN)
      expect(refused).toEqual({ account: null, errors: [{ code: 'PARTNER_REFUSED', field: null }] })
    })

    it('are made for an influencer whose account is bound, and show figures with their age', async () => {
      const bound = await deed('bindWeibo', { code: 'abc' }, 'account { uid needsConsent }', ANN)
      expect(bound).toEqual({ account: { uid: '1404376560', needsConsent: false }, errors: [] })
      const input = { linkId: 'TrackedLink:a', text: 'Look' }
      expect(await deed('postLink', input, 'post { status }', ANN)).toMatchObject({ errors: [] })
      await until(() => sandbox.memory.statuses.size > 0)
      const id = [...sandbox.memory.statuses.keys()][0] ?? ''
      sandbox.read(id)
      await until(async () => ((await posts(ANONYMOUS)) as { likes: number }[]).some(({ likes }) => likes > 0))
      const shown = (await posts(ANONYMOUS)) as { ageSeconds: number }[]
      const post = { text: 'Look https://shop.example/l/a-b', status: 'POSTED', mid: id, link: { id: 'TrackedLink:a' } }
      expect(shown).toMatchObject([post])
      expect([0, 1, 2, 3]).toContain(shown[0]?.ageSeconds)
    })

    it('refuse a text against the rules of the network before it is sent', async () => {
      const input = { linkId: 'TrackedLink:a', text: '#king# Look' }
      expect(await deed('postLink', input, '', ANN)).toEqual({ errors: [{ code: 'BAD_USER_INPUT', field: 'text' }] })
    })

    it('that are not at the network are seen by their owner and the team only', async () => {
      await db.query(`insert into weibo.post (id, link, member, text, status, created_at)
        values ('CampaignPost:r', 'TrackedLink:a', 'Member:ann', 'no', 'REFUSED', now())`)
      const seen = async (who: Identity) => (await posts(who)) as unknown[]
      expect([(await seen(ANONYMOUS)).length, (await seen(ANN)).length, (await seen(manager)).length]).toEqual([
        1, 2, 2,
      ])
    })
  })
})

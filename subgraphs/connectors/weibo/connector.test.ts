import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openWeiboSandbox, type WeiboSandbox } from '../../../sandbox/weibo/weibo-sandbox.js'
import { eachMigrated } from '../../../test/support/databases.js'
import { WEIBO } from '../../../test/support/standing.js'
import { fakeClock, type FakeClock } from '../../../test/support/fake-clock.js'
import { aGround } from '../../../test/support/ground.js'
import { until } from '../../../test/support/until.js'
import type { Database } from '../../../platform/db/database.js'
import { migrate } from '../../../platform/db/migrate.js'
import { silent } from '../../../platform/observe/observer.js'
import { secretsFrom } from '../../../platform/secret.js'
import type { LinkTaken } from '../../../schema/events/campaigns.js'
import type { Ground } from '../../host/subgraph.js'
import { startConnector, type RunningConnector } from '../start-connector.js'
import { readWeiboConfig } from './config.js'
import { weiboConnector } from './connector.js'
import { bind } from './flow/bind.js'
import type { Parts } from './flow/parts.js'
import { postLink } from './flow/post-link.js'
import { migrations, SCHEMA } from './store/migrations.js'
import { findPosts, type PostRow } from './store/posts.js'
import { partsOf } from './subgraph.js'

const ANN = 'Member:ann'
const LINK = 'TrackedLink:l1'
const taken = (link: string, influencer = ANN): LinkTaken => ({
  ...{ kind: 'campaigns.linkTaken', id: `${link}:taken`, at: '2026-11-11T12:00:00.000Z' },
  ...{
    link,
    influencer,
    campaign: 'Campaign:c',
    product: 'Product:p',
    url: `https://shop.example/l/${link.slice(12)}`,
  },
})

eachMigrated(WEIBO, (open) => {
  describe('the connector to the social network', () => {
    let db: Database
    let clock: FakeClock
    let ground: Ground
    let sandbox: WeiboSandbox
    let parts: Parts
    let running: RunningConnector
    beforeEach(async () => {
      db = await open()
      clock = fakeClock()
      ground = aGround({ db, clock })
      await migrate(db, SCHEMA, migrations)
      sandbox = await openWeiboSandbox({ port: 0, clock, observer: silent, seed: 1, faults: [] })
      const config = readWeiboConfig({ WEIBO_URL: sandbox.url })
      const ask = () => Promise.resolve({ data: { node: null }, errors: [] })
      parts = partsOf(ground, { config, secrets: secretsFrom(Buffer.alloc(32)), ask })
      running = startConnector(weiboConnector(parts), ground)
    })
    afterEach(async () => {
      await running.stop()
      await sandbox.stop()
      await db.close()
    })

    /** Ann has bound her account and has a link that the connector knows of. */
    async function ready(links: readonly string[] = [LINK]): Promise<void> {
      await ground.bus.append('campaigns', [
        ...links.map((link, at) => ({ position: `1-${at + 1}`, body: JSON.stringify(taken(link)) })),
      ])
      await bind(parts, ANN, sandbox.consent('10001'))
      await until(async () => (await db.query('select 1 from weibo.link')).count === links.length)
    }
    async function posted(words = 'Look', link = LINK): Promise<PostRow> {
      const { id } = await postLink(parts, { member: ANN, link, words })
      await running.settle()
      return await post(id)
    }
    async function post(id: string): Promise<PostRow> {
      const [row] = await findPosts(db, [id])
      if (row === undefined || row === null) throw new Error(`no post ${id}`)
      return row
    }
    /** Time passes, with what falls due in it. */
    async function later(ms: number): Promise<void> {
      await clock.advance(ms)
      await running.settle()
    }
    const there = () => [...sandbox.memory.statuses.values()]

    it('posts a link, once, and knows it by an id beyond 2^53', async () => {
      await ready()
      const first = await posted()
      expect(await posted()).toMatchObject({ id: first.id, mid: first.mid, tries: 1 })
      expect(there().map(({ id, text }) => ({ id, text }))).toEqual([
        { id: first.mid, text: 'Look https://shop.example/l/l1' },
      ])
      expect(first.status).toBe('POSTED')
      expect(Number(first.mid)).toBeGreaterThan(Number.MAX_SAFE_INTEGER)
    })

    it('does not post twice when the answer was lost', async () => {
      await ready()
      sandbox.faults.set(['lost-answer', 'shortened'], 'always')
      const { id, status } = await posted()
      expect(status).toBe('WAITING')
      await later(2_000)
      expect(await post(id)).toMatchObject({ status: 'POSTED', mid: there()[0]?.id })
      expect(there()).toHaveLength(1)
    })

    it('waits for a post that is late, and finds it', async () => {
      await ready()
      sandbox.faults.set(['late'], 'always')
      const { id, status } = await posted()
      expect(status).toBe('DELAYED')
      await later(131_000)
      expect(await post(id)).toMatchObject({ status: 'POSTED', mid: there()[0]?.id })
    })

    it("believes the network's refusal, whatever it says is left, and posts later", async () => {
      await ready()
      sandbox.faults.set(['limit', 'text-code'], 'always')
      const { id, status } = await posted()
      expect(status).toBe('WAITING')
      sandbox.faults.set([])
      await later(60_000)
      expect(there()).toHaveLength(0)
      await later(2_300_000)
      expect((await post(id)).status).toBe('POSTED')
    })

    it('says why a post was refused, and tries it anew when asked to', async () => {
      await ready()
      sandbox.memory.tokens.clear()
      expect(await posted()).toMatchObject({ status: 'REFUSED', reason: 'NOT_BOUND' })
      await expect(posted()).rejects.toMatchObject({ code: 'NOT_BOUND' })
      await bind(parts, ANN, sandbox.consent('10001'))
      expect(await posted()).toMatchObject({ status: 'POSTED', reason: null })
    })

    it('posts nothing for who has bound no account, nor a link of somebody else', async () => {
      await ready()
      await expect(postLink(parts, { member: 'Member:eve', link: LINK, words: 'x' })).rejects.toMatchObject({
        code: 'NOT_FOUND',
      })
      await db.query('delete from weibo.account')
      await expect(posted()).rejects.toMatchObject({ code: 'NOT_BOUND' })
    })

    it('binds an account to one member only, and takes a code once', async () => {
      const code = sandbox.consent('10001')
      await bind(parts, ANN, code)
      await expect(bind(parts, ANN, code)).rejects.toMatchObject({
        code: 'PARTNER_REFUSED',
        details: { number: 21_325 },
      })
      await expect(bind(parts, 'Member:eve', sandbox.consent('10001'))).rejects.toMatchObject({ code: 'CONFLICT' })
    })

    it('keeps tokens sealed', async () => {
      await bind(parts, ANN, 'abc')
      const { rows } = await db.query<{ token: Uint8Array }>('select token from weibo.account')
      expect(Buffer.from(rows[0]?.token ?? []).toString('latin1')).not.toContain('2.00demo')
    })

    it('fetches the figures of many posts, and when that was', async () => {
      const links = Array.from({ length: 25 }, (_, at) => `TrackedLink:l${at + 1}`)
      await ready(links)
      for (const link of links) await postLink(parts, { member: ANN, link, words: 'Look' })
      await running.settle()
      for (const { id } of there()) sandbox.read(id)
      await later(3_600_000)
      const { rows } = await db.query<PostRow & { counted_at: Date }>('select likes, counted_at from weibo.post')
      expect(rows.filter(({ likes }) => likes > 0)).toHaveLength(25)
      expect(rows[0]?.counted_at).toBeInstanceOf(Date)
    })

    it('asks for a hundred posts at once', async () => {
      await ready()
      await db.query(
        `insert into weibo.post (id, link, member, text, status, mid, created_at)
         select 'p' || n, $1, $2, 'x', 'POSTED', (17943984000000000 + n)::text, now() from generate_series(1, 150) n`,
        [LINK, ANN],
      )
      await later(0)
      const { rows } = await db.query(
        `select (select calls from weibo.account) as calls, (select count(*)::int from weibo.post where missed = 1) as missed`,
      )
      expect(rows).toEqual([{ calls: 2, missed: 150 }])
    })

    it('keeps the figures of a post that is left out of an answer, until it is left out again and again', async () => {
      await ready()
      const { id } = await posted()
      sandbox.read(there()[0]?.id ?? '')
      await later(3_600_000)
      const { likes } = await post(id)
      sandbox.faults.set(['missing'], 'always')
      await later(3_600_000)
      expect(await post(id)).toMatchObject({ status: 'POSTED', likes })
      for (let hour = 0; hour < 5; hour++) await later(3_600_000)
      expect(await post(id)).toMatchObject({ status: 'GONE', likes })
      sandbox.faults.set([])
      await later(3_600_000)
      expect((await post(id)).status).toBe('POSTED')
    })

    it("never asks more often in a day than an account's share", async () => {
      await ready()
      await posted()
      for (let quarter = 0; quarter < 100; quarter++) await later(900_000)
      const { rows } = await db.query<{ calls: number }>('select calls from weibo.account')
      expect(rows[0]?.calls).toBeLessThanOrEqual(70)
      expect(rows[0]?.calls).toBeGreaterThan(40)
    })
  })
})

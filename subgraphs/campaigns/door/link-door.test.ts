import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eachMigrated } from '../../../test/support/databases.js'
import { CAMPAIGNS } from '../../../test/support/standing.js'
import { aContest, influencer, PRODUCT, read, type Contest } from '../../../test/support/contest.js'
import type { Database } from '../../../platform/db/database.js'
import { saleDoor } from './sale-door.js'

eachMigrated(CAMPAIGNS, (open) => {
  describe("a link's door", () => {
    let contest: Contest
    let db: Database
    let campaign = ''
    beforeAll(async () => {
      db = await open()
      contest = await aContest(db)
      campaign = await contest.opened()
    })
    afterAll(async () => {
      await contest.stop()
      await db.close()
    })

    const clicks = async (name: string) =>
      read(
        await contest.ask(
          'query ($id: ID!) { campaign(id: $id) { myLinks { clicks } } }',
          { id: campaign },
          influencer(name),
        ),
        ...['campaign', 'myLinks', 0, 'clicks'],
      )

    it('leads to the sale with a signed click id, and counts', async () => {
      const url = await contest.linked(campaign, 'ann')
      const { status, headers } = await contest.visit(url)
      expect(status).toBe(302)
      expect(headers).toMatchObject({ 'cache-control': 'no-store' })
      const sale = new URL(headers['location'] ?? '')
      expect(sale.origin + sale.pathname).toBe('https://sale.example/')
      expect(sale.searchParams.get('product')).toBe(PRODUCT)
      expect(sale.searchParams.get('click')).toMatch(/^[0-9a-f]{20}\.[0-9a-f]{32}\.[0-9a-z]+\.[0-9a-f]{32}$/)
      expect(await clicks('ann')).toBe(1)
    })

    it('counts every one of many who come at once', async () => {
      const url = await contest.linked(campaign, 'crowd')
      await Promise.all(Array.from({ length: 500 }, () => contest.visit(url)))
      expect(await clicks('crowd')).toBe(500)
    })

    it('knows a visitor again by the cookie', async () => {
      const url = await contest.linked(campaign, 'ann')
      const { cookie } = await contest.clicked(url)
      expect((await contest.clicked(url, `a=b; ${cookie}`)).cookie).toBe(cookie)
      expect((await contest.clicked(url, 'dhv=../../etc')).cookie).not.toBe('dhv=../../etc')
    })

    it.each([
      ['a crawler', { 'user-agent': 'Mozilla/5.0 (compatible; Baiduspider/2.0)' }],
      ['a look ahead', { 'sec-purpose': 'prefetch;prerender' }],
      ['a HEAD', { method: 'HEAD' }],
    ])('lets %s pass without counting it or giving it a click id', async (what, headers) => {
      const url = await contest.linked(campaign, 'bots')
      const { status, headers: answered } = await contest.visit(url, headers)
      expect(status).toBe(302)
      expect(answered['location']).not.toContain('click=')
      expect(await clicks('bots')).toBe(0)
    })

    it.each([
      ['unknown', 'https://x/l/00000000000000000000-0123456789abcdef'],
      ['hostile', 'https://x/l/__proto__-constructor'],
      ['without a tag', 'https://x/l/00000000000000000000'],
    ])('answers NOT_FOUND to a code that is %s', async (_, url) => {
      await expect(contest.visit(url)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    })

    it("answers NOT_FOUND to a link with another link's tag, and stores nothing", async () => {
      const [ann, bob] = [await contest.linked(campaign, 'ann'), await contest.linked(campaign, 'bob')]
      const forged = `${ann.split('-')[0] ?? ''}-${bob.split('-')[1] ?? ''}`
      const count = async () =>
        (await db.query<{ n: number }>('select count(*)::int as n from campaigns.click')).rows[0]?.n
      const before = await count()
      await expect(contest.visit(forged)).rejects.toMatchObject({ code: 'NOT_FOUND' })
      expect(await count()).toBe(before)
    })

    it('keeps no address and no agent, only hashes', async () => {
      await contest.visit(await contest.linked(campaign, 'ann'))
      const { rows } = await db.query('select * from campaigns.click')
      expect(JSON.stringify(rows)).not.toMatch(/203\.0\.113\.7|Mozilla/)
    })
  })
})

describe('the plain sale page', () => {
  it('shows what it was given as text and nothing else', async () => {
    const { body } = await saleDoor.answer({
      method: 'GET',
      path: new Map(),
      query: new URLSearchParams({ product: '<script>alert(1)</script>', click: 'a"b' }),
      headers: new Map(),
      body: new Uint8Array(),
      address: '',
    })
    expect(body).toContain('&#60;script&#62;')
    expect(body).not.toContain('<script')
  })
})

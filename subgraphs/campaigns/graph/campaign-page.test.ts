import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aContest, influencer, type Contest } from '../../../test/support/contest.js'
import { eachMigrated } from '../../../test/support/databases.js'
import { CAMPAIGNS } from '../../../test/support/standing.js'
import type { Database } from '../../../platform/db/database.js'

/** Reads only; transactions are not looked into. */
function counting(db: Database): { readonly db: Database; readonly asked: string[] } {
  const asked: string[] = []
  const query: Database['query'] = (sql, values) => {
    if (sql.includes('campaigns.campaign') || /campaigns\.(entry|prize|link|standing)/.test(sql)) asked.push(sql)
    return db.query(sql, values)
  }
  return { asked, db: { query, transaction: (work) => db.transaction(work), close: () => db.close() } }
}

eachMigrated(CAMPAIGNS, (open) => {
  describe('a page of campaigns', () => {
    let db: Database
    let contest: Contest
    let asked: string[]
    beforeAll(async () => {
      db = await open()
      const counted = counting(db)
      asked = counted.asked
      contest = await aContest(counted.db)
      for (let nth = 0; nth < 20; nth++) await contest.linked(await contest.opened(), 'ann')
    })
    afterAll(async () => {
      await contest.stop()
      await db.close()
    })

    it('with boards, ranks, prizes and links takes one statement for each kind', async () => {
      asked.length = 0
      await contest.ask(
        `{ campaigns(first: 20) { edges { node {
             prizes { rank } myRank { rank } myLinks { clicks campaign { id } } standings(first: 5) { edges { cursor } }
             board { total top(first: 3) { rank } me { rank } } } } } }`,
        {},
        influencer('ann'),
      )
      expect(asked.length).toBeLessThanOrEqual(8)
    })
  })
})

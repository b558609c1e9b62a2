import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eachMigrated } from '../../../test/support/databases.js'
import { CAMPAIGNS } from '../../../test/support/standing.js'
import type { Database } from '../../../platform/db/database.js'
import { migrate } from '../../../platform/db/migrate.js'
import { seededChance } from '../../../platform/time/chance.js'
import { lastClick, type Bounds, type Candidate } from '../domain/attribution.js'
import type { Purchase } from '../domain/purchase.js'
import { decidingClicks } from './clicks.js'
import { migrations, SCHEMA } from './migrations.js'

const START = Date.parse('2026-11-11T00:00:00.000Z')
const HOUR = 3_600_000
const bounds: Bounds = { opensAt: new Date(START), closesAt: new Date(START + 48 * HOUR), windowHours: 6 }

/** The same evening for the same seed: some hundred clicks of a few visitors on a few links, some before, some after. */
function evening(seed: number): readonly Candidate[] {
  const chance = seededChance(seed)
  const pick = (most: number): number => Math.floor(chance.fraction() * most)
  return Array.from({ length: 300 }, (_, at) => ({
    click: `c${String(at).padStart(3, '0')}`,
    visitor: `v${pick(8)}`,
    product: `Product:p${pick(3)}`,
    influencer: `Member:i${pick(4)}`,
    at: new Date(START + (pick(60) - 5) * HOUR),
    bot: pick(5) === 0,
  }))
}

async function stored(db: Database, clicks: readonly Candidate[]): Promise<void> {
  await db.query(`insert into campaigns.campaign values ('c', 't', 'r', 'OPEN', 1, $1, $2, $3, 'Member:m')`, [
    bounds.opensAt,
    bounds.closesAt,
    bounds.windowHours,
  ])
  await db.query(
    `insert into campaigns.entry (campaign, influencer) select 'c', 'Member:i' || n from generate_series(0, 3) n`,
  )
  await db.query(
    `insert into campaigns.link (id, campaign, influencer, product)
     select 'Member:i' || i || ' Product:p' || p, 'c', 'Member:i' || i, 'Product:p' || p
     from generate_series(0, 3) i, generate_series(0, 2) p`,
  )
  await db.query(
    `insert into campaigns.click (key, link, campaign, product, visitor, at, address_hash, agent_hash, bot)
     select key, link, 'c', product, visitor, at, 'a', 'b', bot
     from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::boolean[])
       as come (key, link, product, visitor, at, bot)`,
    [
      clicks.map(({ click }) => click),
      clicks.map(({ influencer, product }) => `${influencer} ${product}`),
      clicks.map(({ product }) => product),
      clicks.map(({ visitor }) => visitor),
      clicks.map(({ at }) => at),
      clicks.map(({ bot }) => bot),
    ],
  )
}

eachMigrated(CAMPAIGNS, (open) => {
  describe('the deciding click', () => {
    let db: Database
    const clicks = evening(20261111)
    beforeAll(async () => {
      db = await open()
      await migrate(db, SCHEMA, migrations)
      await stored(db, clicks)
    })
    afterAll(() => db.close())

    it('is the one that the plain rule finds, for every visitor, product and hour', async () => {
      const first = (visitor: string): Candidate | undefined => clicks.find((click) => click.visitor === visitor)
      const asked = Array.from({ length: 8 * 3 * 60 }, (_, at) => {
        const named = first(`v${at % 8}`)
        const placedAt = new Date(Math.max(START + (Math.floor(at / 24) - 3) * HOUR, named?.at.getTime() ?? 0))
        return { line: `l${at}`, click: named?.click ?? '', product: `Product:p${Math.floor(at / 8) % 3}`, placedAt }
      })
      const purchases = asked.map((it): Purchase => ({
        ...it,
        order: 'o',
        buyer: null,
        version: 1,
        state: 'PAID',
        paidAt: null,
      }))
      const found = new Map((await decidingClicks(db, purchases)).map(({ line, click }) => [line, click]))
      const plain = asked.map(
        (it, at) => lastClick(clicks, { ...it, visitor: `v${at % 8}`, buyer: null }, bounds)?.click,
      )
      expect(asked.map(({ line }) => found.get(line))).toEqual(plain)
      expect(plain.filter((click) => click !== undefined).length).toBeGreaterThan(200)
    })
  })
})

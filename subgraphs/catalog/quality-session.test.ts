import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../../platform/db/database.js'
import { catalogEvent } from '../../schema/events/catalog.js'
import { ANONYMOUS, type Identity } from '../../schema/identity.js'
import { eachMigrated } from '../../test/support/databases.js'
import { CATALOG } from '../../test/support/standing.js'
import { fakeClock } from '../../test/support/fake-clock.js'
import { aGround } from '../../test/support/ground.js'
import { runSubgraph, type HostedSubgraph } from '../host/run.js'
import { productId } from './domain/catalog-ids.js'
import { catalog } from './subgraph.js'

const QUALITY: Identity = { ...ANONYMOUS, member: 'Member:op', roles: ['operator'], expiresAt: 9e9 }
const partner = (name: string): Identity => ({ ...ANONYMOUS, partner: name, roles: ['partner'], expiresAt: 9e9 })
const KUAISHOU = partner('kuaishou')
const HANDLES = ['green', 'black', 'white'] as const
const entryOf = (handle: string) => productId('tea', handle).replace('Product', 'PoolEntry')
const IMPORT = 'mutation ($i: ImportProductsInput!) { importProducts(input: $i) { results { outcome } } }'
const INPUTS: Readonly<Record<string, string>> = {
  submitToPool: 'SubmitToPoolInput',
  startPoolTest: 'PoolEntryInput',
  decidePoolTest: 'DecidePoolTestInput',
  retestPoolEntry: 'RetestPoolEntryInput',
  withdrawFromPool: 'PoolEntryInput',
  openQualitySession: 'OpenQualitySessionInput',
  selectForQualitySession: 'SelectForQualitySessionInput',
  closeQualitySession: 'CloseQualitySessionInput',
}
let keys = 0

eachMigrated(CATALOG, (open) => {
  describe('a quality session', () => {
    let db: Database
    let hosted: HostedSubgraph
    let clock: ReturnType<typeof fakeClock>
    let session: string

    /** Three teas in the pool, approved as S, A and B, and a session for A and better. */
    beforeEach(async () => {
      db = await open()
      clock = fakeClock('2026-11-11T12:00:00Z')
      hosted = await runSubgraph(catalog(), aGround({ db, clock }))
      const variants = [{ optionValues: ['S'], priceMinor: 9900, quantity: 5 }]
      const products = HANDLES.map((handle) => ({ handle, title: handle, options: ['Size'], variants }))
      await hosted.ask({ query: IMPORT, variables: { i: { seller: 'tea', currency: 'CNY', products } } }, QUALITY)
      for (const [at, handle] of HANDLES.entries()) await approve(handle, 'SAB'.charAt(at))
      session = await opened({ leastGrade: 'A' })
    })
    afterEach(async () => {
      await hosted.stop()
      await db.close()
    })

    /** Gives the refusal's code, or null. */
    async function refusalOf(deed: string, input: object, who = QUALITY): Promise<string | null> {
      const fields = deed.includes('Pool') ? '' : 'qualitySession { id }'
      const query = `mutation ($i: ${INPUTS[deed] ?? ''}!) { ${deed}(input: $i) { ${fields} errors { code } } }`
      const { data, errors } = await hosted.ask({ query, variables: { i: input } }, who)
      const fault = errors?.[0]?.extensions.code
      if (fault !== undefined) return fault
      return (data as Record<string, { errors: { code: string }[] }>)[deed]?.errors[0]?.code ?? null
    }
    async function approve(handle: string, grade: string): Promise<void> {
      const poolEntryId = entryOf(handle)
      const terms = { productId: productId('tea', handle), category: 'tea', commissionBp: 2000, marginBp: 4000 }
      await refusalOf('submitToPool', terms)
      await refusalOf('startPoolTest', { poolEntryId })
      expect(await refusalOf('decidePoolTest', { poolEntryId, grade })).toBeNull()
    }
    async function opened(some: object = {}): Promise<string> {
      const input = { idempotencyKey: `k${++keys}`, label: '品质专场', partner: 'kuaishou', leastGrade: 'S', ...some }
      const query = `mutation ($i: OpenQualitySessionInput!) { openQualitySession(input: $i) { qualitySession { id } } }`
      const { data } = await hosted.ask({ query, variables: { i: input } }, QUALITY)
      return (data as { openQualitySession: { qualitySession: { id: string } } }).openQualitySession.qualitySession.id
    }
    const select = (handles: readonly string[], some: object = {}, who = KUAISHOU) =>
      refusalOf(
        'selectForQualitySession',
        { idempotencyKey: `k${++keys}`, qualitySessionId: session, poolEntryIds: handles.map(entryOf), ...some },
        who,
      )
    /** The titles on a page, or null where there is none. */
    async function page(args = '', who: Identity = ANONYMOUS): Promise<readonly string[] | null> {
      const query = `{ qualitySession(id: "${session}") { goods${args} { edges { node { grade product { title } } } } } }`
      const { data } = await hosted.ask({ query }, who)
      const found = (
        data as { qualitySession: { goods: { edges: { node: { product: { title: string } } }[] } } | null }
      ).qualitySession
      return found?.goods.edges.map(({ node }) => node.product.title) ?? null
    }
    async function told(): Promise<readonly string[]> {
      const { rows } = await db.query<{ body: string }>('select body from catalog.outbox order by tx, number')
      return rows.flatMap(({ body }) => {
        const event = catalogEvent(JSON.parse(body))
        return event?.kind === 'catalog.qualityGoodChanged' ? [`${event.product} ${event.selected}`] : []
      })
    }

    it('is a page that its partner fills with what is approved and good enough, shown to anybody by pages', async () => {
      expect(await select(['black', 'green'])).toBeNull()
      expect(await page()).toEqual(['black', 'green'])
      expect(await page('(first: 1)')).toEqual(['black'])
      expect(await select(['green', 'white'])).toBe('STATE_FORBIDS')
      expect(await select(['unknown'])).toBe('NOT_FOUND')
      expect(await select(['green'], {}, partner('other'))).toBe('NOT_FOUND')
      expect(await select(['green'], {}, { ...QUALITY, roles: ['merchant'] })).toBe('FORBIDDEN')
      expect(await select(['black'], { selected: false })).toBeNull()
      expect(await page()).toEqual(['green'])
    })

    it('loses a product at once when it is tested again or withdrawn, and gets it back when it is selected anew', async () => {
      await select(['green', 'black'])
      await refusalOf('retestPoolEntry', { poolEntryId: entryOf('green'), reason: 'returns' })
      expect(await page()).toEqual(['black'])
      await refusalOf('decidePoolTest', { poolEntryId: entryOf('green'), grade: 'B' })
      expect(await select(['green'])).toBe('STATE_FORBIDS')
      await refusalOf('withdrawFromPool', { poolEntryId: entryOf('black') })
      expect(await page()).toEqual([])
      await approve('black', 'S')
      expect(await page()).toEqual([])
      await select(['black'])
      expect(await page()).toEqual(['black'])
      const [green, black] = ['green', 'black'].map((handle) => productId('tea', handle))
      expect((await told()).toSorted()).toEqual(
        [`${green} true`, `${black} true`, `${green} false`, `${black} false`, `${black} true`].toSorted(),
      )
    })

    it('does a deed once under its key, and refuses the key for another', async () => {
      await select(['green'], { idempotencyKey: 'same' })
      await select(['green'], { selected: false })
      expect(await select(['green'], { idempotencyKey: 'same' })).toBeNull()
      expect(await page()).toEqual([])
      expect(await select(['black'], { idempotencyKey: 'same' })).toBe('IDEMPOTENCY_MISMATCH')
      const [first, again] = [await opened({ idempotencyKey: 'twice' }), await opened({ idempotencyKey: 'twice' })]
      expect(again).toBe(first)
    })

    it('is open to everybody for its time only, and takes nothing once it is over', async () => {
      const endsAt = '2026-11-11T14:00:00Z'
      session = await opened({ leastGrade: 'A', startsAt: '2026-11-11T13:00:00Z', endsAt })
      await select(['green'])
      expect([await page(), await page('', KUAISHOU), await page('', partner('other'))]).toEqual([
        null,
        ['green'],
        null,
      ])
      await clock.advance(3_600_000)
      expect(await page()).toEqual(['green'])
      expect(
        await refusalOf('closeQualitySession', { idempotencyKey: 'c', qualitySessionId: session }, KUAISHOU),
      ).toBeNull()
      expect([await page(), await select(['black'])]).toEqual([null, 'STATE_FORBIDS'])
      const query = '{ qualitySessions { edges { node { id } } } }'
      const count = async (who: Identity) =>
        ((await hosted.ask({ query }, who)).data as { qualitySessions: { edges: object[] } }).qualitySessions.edges
          .length
      expect([await count(ANONYMOUS), await count(QUALITY)]).toEqual([1, 2])
    })
  })
})

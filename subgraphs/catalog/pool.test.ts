import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../../platform/db/database.js'
import { catalogEvent } from '../../schema/events/catalog.js'
import { ANONYMOUS, type Identity, type Role } from '../../schema/identity.js'
import { eachMigrated } from '../../test/support/databases.js'
import { CATALOG } from '../../test/support/standing.js'
import { aGround } from '../../test/support/ground.js'
import { keepActing } from '../host/acting/acting-for.js'
import { runSubgraph, type HostedSubgraph } from '../host/run.js'
import { categoryId, productId } from './domain/catalog-ids.js'
import { catalog } from './subgraph.js'

const as = (member: string, ...roles: readonly Role[]): Identity => ({ ...ANONYMOUS, member, roles, expiresAt: 9e9 })
const MERCHANT = as('Member:mei', 'merchant')
const QUALITY = as('Member:op', 'operator')
const HOST = as('Member:host', 'host')
const PRODUCT = productId('tea', 'green')
const ENTRY = PRODUCT.replace('Product', 'PoolEntry')
const TERMS = { productId: PRODUCT, category: 'tea', commissionBp: 2000, marginBp: 4000 }
const IMPORT = 'mutation ($i: ImportProductsInput!) { importProducts(input: $i) { results { outcome } } }'
const VARIANT = { optionValues: ['S'], priceMinor: 9900, quantity: 5 }

eachMigrated(CATALOG, (open) => {
  describe('the pool', () => {
    let db: Database
    let hosted: HostedSubgraph
    beforeEach(async () => {
      db = await open()
      hosted = await runSubgraph(catalog(), aGround({ db }))
      for (const [seller, handle] of [
        ['tea', 'green'],
        ['wool', 'scarf'],
      ])
        await imports(seller ?? '', handle ?? '')
      const bound = { id: 'b', at: '2026-11-11T12:00:00Z', kind: 'members.merchantBound', version: 1 }
      await keepActing(db, 'catalog', [{ ...bound, member: 'Member:mei', sellers: ['tea'] }])
    })
    afterEach(async () => {
      await hosted.stop()
      await db.close()
    })

    async function imports(seller: string, handle: string): Promise<void> {
      const products = [{ handle, title: handle, options: ['Size'], variants: [VARIANT], category: ['Goods', seller] }]
      const input = { seller, currency: 'CNY', products }
      const { data } = await hosted.ask({ query: IMPORT, variables: { i: input } }, QUALITY)
      expect(data).toEqual({ importProducts: { results: [{ outcome: 'CREATED' }] } })
    }
    /** The state a deed led to, or the code it was refused with. */
    async function did(who: Identity, deed: string, input: object): Promise<string> {
      const type = INPUTS[deed] ?? 'PoolEntryInput'
      const query = `mutation ($i: ${type}!) { ${deed}(input: $i) { poolEntry { state } errors { code } } }`
      const { data, errors } = await hosted.ask({ query, variables: { i: input } }, who)
      const fault = errors?.[0]?.extensions.code
      if (fault !== undefined) return fault
      const { poolEntry, errors: refused } = (data as Record<string, Deed>)[deed] ?? { poolEntry: null, errors: [] }
      return poolEntry?.state ?? refused[0]?.code ?? 'nothing'
    }
    const entry = { poolEntryId: ENTRY }
    async function approved(): Promise<void> {
      await did(MERCHANT, 'submitToPool', TERMS)
      await did(QUALITY, 'startPoolTest', entry)
      expect(await did(QUALITY, 'decidePoolTest', { ...entry, grade: 'A' })).toBe('APPROVED')
    }
    const seen = async (who: Identity, filter = ''): Promise<unknown> => {
      const { data } = await hosted.ask({ query: `{ poolEntries${filter} { edges { node { state grade } } } }` }, who)
      return (data as { poolEntries: { edges: { node: unknown }[] } }).poolEntries.edges.map(({ node }) => node)
    }

    it('takes in what passed its test, and each step stays written', async () => {
      expect(await did(MERCHANT, 'submitToPool', TERMS)).toBe('SUBMITTED')
      expect(await did(QUALITY, 'startPoolTest', entry)).toBe('TESTING')
      expect(await did(QUALITY, 'decidePoolTest', { ...entry, reasons: [] })).toBe('BAD_USER_INPUT')
      expect(await did(QUALITY, 'decidePoolTest', { ...entry, reasons: ['it leaks'] })).toBe('REJECTED')
      expect(await did(MERCHANT, 'submitToPool', TERMS)).toBe('SUBMITTED')
      expect(await did(QUALITY, 'decidePoolTest', { ...entry, grade: 'A' })).toBe('STATE_FORBIDS')
      await did(QUALITY, 'startPoolTest', entry)
      expect(await did(QUALITY, 'decidePoolTest', { ...entry, grade: 'A' })).toBe('APPROVED')
      expect(await did(QUALITY, 'decidePoolTest', { ...entry, grade: 'A' })).toBe('APPROVED')
      expect(await did(QUALITY, 'retestPoolEntry', { ...entry, reason: 'returns' })).toBe('TESTING')
      const query = `{ poolEntry(id: "${ENTRY}") { steps { state reasons } } }`
      const { data } = await hosted.ask({ query }, MERCHANT)
      expect(JSON.stringify(data)).toContain('{"state":"REJECTED","reasons":["it leaks"]}')
      expect(JSON.stringify(data).match(/state/g)).toHaveLength(7)
    })

    it('lets merchants submit and withdraw what is of their sellers, quality control decide, and hosts pick', async () => {
      const others = { ...TERMS, productId: productId('wool', 'scarf') }
      expect(await did(MERCHANT, 'submitToPool', others)).toBe('FORBIDDEN')
      expect(await did(HOST, 'submitToPool', TERMS)).toBe('FORBIDDEN')
      await did(QUALITY, 'submitToPool', others)
      const scarf = { poolEntryId: others.productId.replace('Product', 'PoolEntry') }
      expect(await did(MERCHANT, 'withdrawFromPool', scarf)).toBe('FORBIDDEN')
      await did(MERCHANT, 'submitToPool', TERMS)
      for (const deed of ['startPoolTest', 'decidePoolTest', 'pickFromPool'])
        expect(await did(MERCHANT, deed, entry)).toBe('FORBIDDEN')
      expect(await did(HOST, 'pickFromPool', entry)).toBe('STATE_FORBIDS')
      expect(await did(MERCHANT, 'withdrawFromPool', entry)).toBe('WITHDRAWN')
    })

    it('shows hosts what is approved, by category, margin, commission and grade, and merchants their own', async () => {
      await did(QUALITY, 'submitToPool', { ...TERMS, productId: productId('wool', 'scarf') })
      expect(await seen(HOST)).toEqual([])
      await approved()
      const found = [{ state: 'APPROVED', grade: 'A' }]
      for (const who of [HOST, MERCHANT]) expect(await seen(who)).toEqual(found)
      expect(await seen(QUALITY)).toHaveLength(2)
      expect(await seen(HOST, '(category: "tea", grade: A, leastMarginBp: 4000, leastCommissionBp: 2000)')).toEqual(
        found,
      )
      for (const path of [['Goods'], ['Goods', 'tea']])
        expect(await seen(HOST, `(categoryId: "${categoryId(path)}")`)).toEqual(found)
      for (const none of [
        `categoryId: "${categoryId(['Goods', 'wool'])}"`,
        'category: "wool"',
        'grade: S',
        'leastMarginBp: 4001',
        'leastCommissionBp: 2001',
      ])
        expect(await seen(HOST, `(${none})`)).toEqual([])
    })

    it('tells a pick with the commission of that moment, once, and its end', async () => {
      await approved()
      for (const picked of [true, true, false]) await did(HOST, 'pickFromPool', { ...entry, picked })
      const { rows } = await db.query<{ body: string }>('select body from catalog.outbox order by tx, number')
      const picks = rows
        .map(({ body }) => catalogEvent(JSON.parse(body)))
        .filter((it) => it?.kind === 'catalog.poolPicked')
      expect(picks.map((it) => [it.product, it.host, it.version, it.commissionBp])).toEqual([
        [PRODUCT, 'Member:host', 1, 2000],
        [PRODUCT, 'Member:host', 2, null],
      ])
    })

    it('counts how many tests ended well', async () => {
      await did(MERCHANT, 'submitToPool', TERMS)
      await did(QUALITY, 'startPoolTest', entry)
      await did(QUALITY, 'decidePoolTest', { ...entry, reasons: ['it leaks'] })
      await approved()
      const rate = 'from: "2000-01-01T00:00:00Z", to: "2100-01-01T00:00:00Z") { of decided approved rateBp }'
      const { data } = await hosted.ask(
        { query: `{ a: poolPassRates(by: SELLER, ${rate} b: poolPassRates(by: CATEGORY, ${rate} }` },
        MERCHANT,
      )
      const half = { of: 'tea', decided: 2, approved: 1, rateBp: 5000 }
      expect(data).toEqual({ a: [half], b: [half] })
    })

    it('asks for a sample once, and is answered once', async () => {
      const asks =
        'mutation ($i: PoolEntryInput!) { requestSample(input: $i) { poolSample { id state } errors { code } } }'
      const answers =
        'mutation ($i: AnswerSampleInput!) { answerSample(input: $i) { poolSample { state } errors { code } } }'
      const ask = async () => (await hosted.ask({ query: asks, variables: { i: entry } }, HOST)).data
      await did(MERCHANT, 'submitToPool', TERMS)
      expect(await ask()).toMatchObject({ requestSample: { errors: [{ code: 'STATE_FORBIDS' }] } })
      await approved()
      const first = await ask()
      expect(await ask()).toEqual(first)
      const { id } = (first as { requestSample: { poolSample: { id: string } } }).requestSample.poolSample
      const answer = async (sent: boolean) =>
        (await hosted.ask({ query: answers, variables: { i: { poolSampleId: id, sent, note: 'SF1' } } }, MERCHANT)).data
      expect(await answer(true)).toMatchObject({ answerSample: { poolSample: { state: 'SENT' } } })
      expect(await answer(true)).toMatchObject({ answerSample: { poolSample: { state: 'SENT' } } })
      expect(await answer(false)).toMatchObject({ answerSample: { errors: [{ code: 'STATE_FORBIDS' }] } })
    })
  })
})

interface Deed {
  readonly poolEntry: { readonly state: string } | null
  readonly errors: readonly { readonly code: string }[]
}

const INPUTS: Readonly<Record<string, string>> = {
  ...{
    submitToPool: 'SubmitToPoolInput',
    decidePoolTest: 'DecidePoolTestInput',
    retestPoolEntry: 'RetestPoolEntryInput',
  },
  pickFromPool: 'PickFromPoolInput',
}

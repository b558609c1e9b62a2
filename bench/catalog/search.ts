import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import type { Database } from '../../platform/db/database.js'
import { migrate } from '../../platform/db/migrate.js'
import { openPglite } from '../../platform/db/pglite.js'
import { openPostgres } from '../../platform/db/postgres.js'
import { silent } from '../../platform/observe/observer.js'
import { seededChance } from '../../platform/time/chance.js'
import { systemClock } from '../../platform/time/clock.js'
import { ANONYMOUS } from '../../schema/identity.js'
import { facetCounter } from '../../subgraphs/catalog/flow/facet-counter.js'
import { findPage, productSearch } from '../../subgraphs/catalog/flow/find-products.js'
import { importProducts } from '../../subgraphs/catalog/flow/import-products.js'
import { countFacets } from '../../subgraphs/catalog/store/count-facets.js'
import { MIGRATIONS, SCHEMA } from '../../subgraphs/catalog/store/migrations.js'
import { EVERYTHING } from '../../subgraphs/catalog/store/product-filter.js'
import { startDurablePostgres } from '../../test/support/start-postgres.js'

/** `npm run bench:search -- [--products 100000] [--rounds 50] [--database postgres|pglite]`: what a page of a search costs, and its facets. */
const { values } = parseArgs({
  options: {
    products: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '50' },
    database: { type: 'string', default: 'postgres' },
  },
})
const PRODUCTS = Number(values.products)
const BATCH = 200
const WHO = { ...ANONYMOUS, member: 'Member:bench', roles: ['merchant'] as const, expiresAt: 9e9 }
const KINDS = ['围巾 scarf', '手机壳 phone case', '马克杯 mug', '运动鞋 running shoes', '口红 lipstick', '毛衣 jumper', '台灯 lamp', '茶叶 tea'] // prettier-ignore
const STUFFS = ['羊毛 wool', '真丝 silk', '纯棉 cotton', '陶瓷 ceramic', '皮革 leather', '亚麻 linen']
const WORDS = ['夏季', '新款', '男士', '女士', 'classic', 'soft', 'light', '加厚', '限量', 'travel', '儿童', 'home']
const SEARCHES = ['羊毛围巾', 'wool scarf', '口红', '运动鞋男士', 'linen lamp', '台灯 home', null]

const chance = seededChance(7)
const pick = <T>(all: readonly T[]): T => all[Math.floor(chance.fraction() * all.length)] ?? (all[0] as T) // never empty

function product(at: number) {
  const [kind, stuff] = [Math.floor(chance.fraction() * KINDS.length), pick(STUFFS)]
  return {
    handle: `p${at}`,
    title: `${pick(WORDS)}${stuff} ${KINDS[kind] ?? ''} ${pick(WORDS)} ${at}`,
    bodyHtml: `<p>${Array.from({ length: 20 }, () => pick(WORDS)).join(' ')}</p>`,
    vendor: `Brand ${Math.floor(chance.fraction() ** 2 * 300)}`,
    tags: [pick(WORDS)],
    published: true,
    category: [`Kind ${kind}`, `Sub ${Math.floor(chance.fraction() * 20)}`],
    attributes: [
      { name: 'Material', value: stuff },
      { name: 'Colour', value: pick(WORDS) },
      { name: 'Year', value: String(2015 + (at % 12)) },
    ],
    ...{ options: [], images: [] },
    variants: [
      { optionValues: [], priceMinor: 100 + Math.floor(chance.fraction() ** 3 * 1e6), policy: 'DENY' as const, requiresShipping: true, taxable: true }, // prettier-ignore
    ],
  }
}

async function run(db: Database): Promise<void> {
  await migrate(db, SCHEMA, MIGRATIONS)
  const began = performance.now()
  for (let at = 0; at < PRODUCTS; at += BATCH) {
    const products = Array.from({ length: Math.min(BATCH, PRODUCTS - at) }, (_, nth) => product(at + nth))
    const batch = { seller: 'bench', currency: 'CNY', selfOperated: at % 400 === 0, products }
    await importProducts({ db, clock: systemClock, wake: () => undefined }, WHO, batch)
  }
  const seconds = (performance.now() - began) / 1000
  console.log(`${PRODUCTS} products imported in ${seconds.toFixed(0)} s, ${Math.round(PRODUCTS / seconds)} a second\n`)
  await db.query('analyze')
  console.log('| search | found | page p50 ms | p99 | facets p50 ms | p99 |\n| --- | --- | --- | --- | --- | --- |')
  const counter = facetCounter({ clock: systemClock, observer: silent, count: (search) => countFacets(db, search) })
  for (const text of SEARCHES) {
    const search = productSearch({ text, filter: EVERYTHING, sort: null })
    const { total } = await countFacets(db, search)
    const page = await timed(() => findPage(db, search, { limit: 21, after: null }))
    const facets = await timed(() => countFacets(db, search))
    console.log(`| ${text ?? 'everything'} | ${total} | ${page} | ${facets} |`)
    if (text !== null) continue
    const kept = await timed(() => counter.facetsOf(search))
    console.log(`| everything, as it is answered | ${total} | ${page} | ${kept} |`)
  }
  const { rows } = await db.query<{ 'QUERY PLAN': string }>(
    `explain select id from catalog.product_index where words @@ (to_tsquery('english', '''wool''') && '''围巾'''::tsquery)`,
  )
  console.log(`\n${rows.map((row) => row['QUERY PLAN']).join('\n')}`)
}

async function timed(work: () => Promise<unknown>): Promise<string> {
  const times: number[] = []
  for (let round = 0; round < Number(values.rounds); round++) {
    const began = performance.now()
    await work()
    times.push(performance.now() - began)
  }
  times.sort((a, b) => a - b)
  const at = (part: number): string =>
    (times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0).toFixed(1)
  return `${at(0.5)} | ${at(0.99)}`
}

const dir = await mkdtemp(join(tmpdir(), 'daihuo-search-'))
const server = values.database === 'pglite' ? null : await startDurablePostgres(dir)
const db = server === null ? await openPglite({ dir: join(dir, 'pglite') }) : openPostgres({ url: server.url })
try {
  await run(db)
} finally {
  await db.close()
  await server?.stop()
  await rm(dir, { recursive: true, force: true })
}

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Database } from '../../platform/db/database.js'
import { projectRoot } from '../../platform/config/project-root.js'
import type { Ask } from '../../schema/ask.js'
import { ANONYMOUS, type Identity } from '../../schema/identity.js'
import { catalog } from '../../subgraphs/catalog/subgraph.js'
import { runSubgraph, type HostedSubgraph } from '../../subgraphs/host/run.js'
import { eachMigrated } from '../../test/support/databases.js'
import { CATALOG } from '../../test/support/standing.js'
import { aGround } from '../../test/support/ground.js'
import { importFile } from '../import/import-file.js'
import { exportFile } from './export-file.js'

const OPERATOR: Identity = { ...ANONYMOUS, member: 'Member:shop', roles: ['operator'], expiresAt: 9e9 }
const SAMPLE = join(projectRoot(), 'scripts/sample/products.csv')
const link = 'https://shop.example/{handle}'
const unwatched = { begin: () => undefined, add: () => undefined }

eachMigrated(CATALOG, (open) => {
  describe('what a shop exports', () => {
    let db: Database
    let hosted: HostedSubgraph
    let dir = ''
    beforeAll(async () => {
      dir = await mkdtemp(join(tmpdir(), 'daihuo-export-'))
      db = await open()
      hosted = await runSubgraph(catalog(), aGround({ db }))
    })
    afterAll(async () => {
      await hosted.stop()
      await db.close()
      await rm(dir, { recursive: true, force: true })
    })

    const ask: Ask = async ({ query, variables }) => {
      const { data, errors = [] } = await hosted.ask({ query, ...(variables && { variables }) }, OPERATOR)
      return { data, errors: errors.map(({ message, extensions }) => ({ message, code: extensions.code })) }
    }
    const imported = async (file: string, seller = 'daihuo') =>
      (
        await importFile(file, {
          ask,
          consignment: { seller, selfOperated: true, currency: 'CNY' },
          watcher: unwatched,
        })
      ).counts
    async function exportedAs(name: string, seller = 'daihuo'): Promise<string> {
      const file = join(dir, name)
      await exportFile(file, { ask, seller, link })
      return file
    }

    it("comes back unchanged in Shopify's form", async () => {
      expect(await imported(SAMPLE)).toMatchObject({ CREATED: 24 })
      expect(await imported(await exportedAs('all.csv'))).toEqual({ CREATED: 0, UPDATED: 0, UNCHANGED: 24, REFUSED: 0 })
    })

    it.each(['.tsv', '.xml'])(
      "settles in Google's form %s: what it can carry comes back, the second time as nothing new",
      async (ending) => {
        const first = await exportedAs(`first${ending}`)
        const seller = `from${ending}`
        const { CREATED, REFUSED } = await imported(first, seller)
        expect([CREATED > 20, REFUSED]).toEqual([true, 0])
        const second = await exportedAs(`second${ending}`, seller)
        expect(await imported(second, seller)).toEqual({ CREATED: 0, UPDATED: 0, UNCHANGED: CREATED, REFUSED: 0 })
        const third = await exportedAs(`third${ending}`, seller)
        expect(await readFile(third, 'utf8')).toBe(await readFile(second, 'utf8'))
      },
    )
  })
})

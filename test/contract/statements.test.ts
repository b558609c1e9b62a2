import { AsyncLocalStorage } from 'node:async_hooks'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { projectRoot } from '../../platform/config/project-root.js'
import type { Database } from '../../platform/db/database.js'
import { fields, json, list, text } from '../../platform/decode.js'
import { secretsFrom } from '../../platform/secret.js'
import { ANONYMOUS, type Identity } from '../../schema/identity.js'
import { openShop, type Shop } from '../../scripts/start/shop.js'
import { eachDatabase } from '../support/databases.js'
import { aGround } from '../support/ground.js'
import { until } from '../support/until.js'

const ROOMS = 20
const STAFF: Identity = {
  ...ANONYMOUS,
  member: 'Member:host',
  roles: ['member', 'host', 'operator', 'merchant'],
  expiresAt: Number.MAX_SAFE_INTEGER,
}

/** Statements of one question alone: what consumers and relays do meanwhile runs outside of its context. */
const counted = new AsyncLocalStorage<string[]>()

function watched(db: Database): Database {
  return {
    query(sql, values) {
      counted.getStore()?.push(sql)
      return db.query(sql, values)
    },
    transaction: (work) => db.transaction((tx) => work(watched(tx))),
    close: () => db.close(),
  }
}

eachDatabase((open) => {
  describe('a page of rooms with shelves and products', () => {
    let db: Database
    let shop: Shop

    beforeAll(async () => {
      db = watched(await open())
      const ground = aGround({ db })
      const secrets = secretsFrom(Buffer.alloc(32, 7))
      shop = await openShop({ ground, secrets, env: {}, host: '127.0.0.1', port: 0, metrics: null })
      await furnish()
    })
    afterAll(async () => {
      await shop.stop()
      await db.close()
    })

    /** The data of an answer without errors. */
    async function answered(question: string, variables: Record<string, unknown>, operationName: string | null = null) {
      const context = { who: STAFF, authorization: null, requestId: 'statements', signal: null }
      const { body } = await shop.gateway.engine.answer({ text: question, operationName, variables, context })
      const answer = fields(json(body, 'answer'), 'answer')
      expect(answer['errors']).toBeUndefined()
      return fields(answer['data'], 'data')
    }

    /** Twenty rooms, each with a shelf of two products of its own. */
    async function furnish(): Promise<void> {
      const products = Array.from({ length: ROOMS * 2 }, (_, at) => ({
        handle: `p${at}`,
        title: `Product ${at}`,
        variants: [{ optionValues: [], priceMinor: 100 + at, quantity: 5 }],
      }))
      const imported = await answered(
        'mutation ($input: ImportProductsInput!) { importProducts(input: $input) { results { product { id variants { id } } } } }',
        { input: { seller: 's', currency: 'CNY', products } },
      )
      const goods = list(fields(imported['importProducts'], 'payload')['results'], 'results', (result, at) => {
        const product = fields(fields(result, at)['product'], at)
        const [variantId] = list(product['variants'], at, (variant) => text(fields(variant, at)['id'], at))
        return { productId: text(product['id'], at), variantId }
      })
      for (let at = 0; at < ROOMS; at++) await openRoom(at, goods.slice(at * 2, at * 2 + 2))
      await until(async () => (await db.query('select 1 from orders.stock')).count === ROOMS * 2, 'every feed')
    }

    async function openRoom(at: number, goods: readonly object[]): Promise<void> {
      const { scheduleRoom } = await answered(
        'mutation ($input: ScheduleRoomInput!) { scheduleRoom(input: $input) { room { id } } }',
        { input: { title: `Room ${at}`, hostId: `Member:host${at}` } },
      )
      const roomId = text(fields(fields(scheduleRoom, 'payload')['room'], 'room')['id'], 'id')
      for (const item of goods)
        await answered('mutation ($input: PutOnShelfInput!) { putOnShelf(input: $input) { errors { message } } }', {
          input: { roomId, ...item },
        })
    }

    async function statementsOf(first: number): Promise<readonly string[]> {
      const browse = await readFile(join(projectRoot(), 'schema/operations/browse.graphql'), 'utf8')
      const statements: string[] = []
      const { rooms } = await counted.run(statements, () => answered(browse, { first }, 'RoomsWithShelves'))
      const shelves = list(
        fields(rooms, 'rooms')['edges'],
        'edges',
        (edge) => fields(fields(edge, 'edge')['node'], 'node')['shelf'],
      )
      expect(shelves).toHaveLength(first)
      for (const shelf of shelves)
        expect(shelf).toMatchObject(
          [1, 2].map(() => ({
            product: { id: expect.stringMatching(/^Product:/) as string },
            variant: { stock: { available: 5 } },
          })),
        )
      return statements
    }

    it('takes as many statements for twenty rooms as for one', async () => {
      const one = await statementsOf(1)
      const twenty = await statementsOf(ROOMS)
      expect(twenty.map(shortly).sort()).toEqual(one.map(shortly).sort())
      expect(twenty.length).toBeGreaterThanOrEqual(5)
      expect(twenty.length).toBeLessThanOrEqual(10)
    })
  })
})

/** What a statement is about, whatever its parameters. */
function shortly(sql: string): string {
  return sql
    .replace(/\s+/g, ' ')
    .replace(/\$\d+(, \$\d+)*/g, '$')
    .slice(0, 60)
}

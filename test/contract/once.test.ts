import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../../platform/db/database.js'
import { migrate } from '../../platform/db/migrate.js'
import { once, ONCE_TABLE } from '../../platform/db/once.js'
import { eachDatabase } from '../support/databases.js'

describe('a deed done once', () => {
  eachDatabase((open) => {
    let db: Database
    let done = 0
    beforeEach(async () => {
      done = 0
      db = await open()
      await migrate(db, 'shop', [
        { name: '001-first', sql: `${ONCE_TABLE('shop')}\ncreate table shop.effect (id int)` },
      ])
    })
    afterEach(() => db.close())

    const deed = (body: unknown, key = 'k', owner = 'Member:1'): Promise<{ answer: unknown; replayed: boolean }> =>
      db.transaction((tx) =>
        once(tx, 'shop', { owner, key, body }, async () => {
          await tx.query('insert into shop.effect values (1)')
          return { number: ++done, note: null }
        }),
      )
    const effects = async (): Promise<number> => (await db.query('select 1 from shop.effect')).count

    it('R01 gives the same answer to the same key and body', async () => {
      const first = await deed({ a: 1, b: [2] })
      const again = await deed({ b: [2], a: 1 })
      expect(again).toEqual({ answer: first.answer, replayed: true })
      expect(await effects()).toBe(1)
    })

    it('R02 refuses the same key with another body', async () => {
      await deed({ a: 1 })
      await expect(deed({ a: 2 })).rejects.toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' })
      expect(await effects()).toBe(1)
    })

    it('R03 has one effect when asked fifty times at once', async () => {
      const answers = await Promise.all(Array.from({ length: 50 }, () => deed({ a: 1 })))
      expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1)
      expect(new Set(answers.map(({ answer }) => JSON.stringify(answer))).size).toBe(1)
      expect(await effects()).toBe(1)
    })

    it('R04 leaves nothing behind when its transaction fails, and can be done again', async () => {
      const failing = db.transaction(async (tx) => {
        await once(tx, 'shop', { owner: 'Member:1', key: 'k', body: null }, () => Promise.resolve('lost'))
        throw new Error('killed before the commit')
      })
      await expect(failing).rejects.toThrow('killed')
      expect(await deed(null)).toMatchObject({ replayed: false })
    })

    it('belongs to its owner and its key', async () => {
      await deed(null)
      await deed(null, 'other')
      await deed(null, 'k', 'Member:2')
      expect(await effects()).toBe(3)
    })
  })
})

import { describe, expect, it } from 'vitest'
import { eachDatabase } from '../../test/support/databases.js'
import type { Database } from './database.js'
import { migrate } from './migrate.js'
import { once, ONCE_TABLE, type Deed } from './once.js'
import { onceEach, type Attempt } from './once-each.js'
import { isDuplicate } from './statement-error.js'

const deed = (key: string, body: unknown = {}): Deed => ({ owner: 'ann', key, body })

/** Does deeds whose answer is their number; `refuse` names the keys that are refused. */
function does(db: Database, deeds: readonly Deed[], done: string[], refuse: readonly string[] = []) {
  const attempt = ({ key }: Deed): Attempt<string> => {
    done.push(key)
    return refuse.includes(key) ? { refused: new Error(`no ${key}`) } : { kept: `did ${key}` }
  }
  return db.transaction((tx) =>
    onceEach<string>(tx, 'shop', deeds, (places) =>
      Promise.resolve({
        attempts: places.flatMap((place) => (deeds[place] === undefined ? [] : [attempt(deeds[place])])),
        writing: Promise.resolve(),
      }),
    ),
  )
}

describe('many deeds done once', () => {
  eachDatabase((open) => {
    const aShop = async (): Promise<Database> => {
      const db = await open()
      await migrate(db, 'shop', [{ name: '001-once', sql: ONCE_TABLE('shop') }])
      return db
    }

    it('answers each in its place, and does the rest only', async () => {
      const [db, done] = [await aShop(), [] as string[]]
      await does(db, [deed('a')], done)
      expect(await does(db, [deed('b'), deed('a'), deed('c'), deed('b')], done)).toEqual([
        ...['did b', 'did a', 'did c', 'did b'],
      ])
      expect(done).toEqual(['a', 'b', 'c'])
      await db.close()
    })

    it('refuses another body under a key, in the batch and after it', async () => {
      const [db, done] = [await aShop(), [] as string[]]
      const codes = async (deeds: readonly Deed[]) =>
        (await does(db, deeds, done)).map((answer) =>
          answer instanceof Error && 'code' in answer ? answer.code : answer,
        )
      expect(await codes([deed('a', 1), deed('a', 2)])).toEqual(['did a', 'IDEMPOTENCY_MISMATCH'])
      expect(await codes([deed('a', 2), deed('a', 1)])).toEqual(['IDEMPOTENCY_MISMATCH', 'did a'])
      await db.close()
    })

    it('keeps no refusal: the same may be asked again', async () => {
      const [db, done] = [await aShop(), [] as string[]]
      const [first, second] = await does(db, [deed('a'), deed('b')], done, ['a'])
      expect([first, second]).toEqual([new Error('no a'), 'did b'])
      expect(await does(db, [deed('a')], done)).toEqual(['did a'])
      await db.close()
    })

    it('knows what one deed alone has kept', async () => {
      const db = await aShop()
      await db.transaction((tx) => once(tx, 'shop', deed('a'), () => Promise.resolve('alone')))
      expect(await does(db, [deed('a')], [])).toEqual(['alone'])
      await db.close()
    })

    it('fails as a duplicate when another transaction keeps the key meanwhile, and leaves nothing', async () => {
      const db = await aShop()
      const late = db.transaction((tx) =>
        onceEach<string>(tx, 'shop', [deed('a')], async () => {
          // What another process would have committed while this one worked.
          await tx.query(`insert into shop.once (owner, key, body, answer) values ('ann', 'a', 'x', '"theirs"')`)
          return { attempts: [{ kept: 'mine' }], writing: Promise.resolve() }
        }),
      )
      const failure: unknown = await late.catch((error: unknown) => error)
      expect(isDuplicate(failure)).toBe(true)
      expect((await db.query('select 1 from shop.once')).rows).toEqual([])
      await db.close()
    })
  })
})

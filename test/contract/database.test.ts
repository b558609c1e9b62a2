import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../../platform/db/database.js'
import { migrate } from '../../platform/db/migrate.js'
import { isDuplicate, StatementError } from '../../platform/db/statement-error.js'
import { tables } from '../../platform/db/tables.js'
import { eachDatabase } from '../support/databases.js'

interface Tables {
  item: { id: string; left: number }
}

/** A statement, its parameters, and the one value that both databases must answer. */
const VALUES: readonly [string, readonly unknown[], unknown][] = [
  ['select $1::int8 as it', [9_007_199_254_740_991], 9_007_199_254_740_991],
  ['select count(*) as it from generate_series(1, 3)', [], 3],
  ['select $1::int4 as it', [-7], -7],
  ['select $1::numeric as it', ['19.90'], '19.90'],
  ['select sum(v) as it from unnest($1::int8[]) v', [[1, 2]], '3'],
  ['select $1::float8 as it', [0.5], 0.5],
  ['select $1::bool as it', [false], false],
  ['select $1::text as it', ['带货 \\ " \' {}'], '带货 \\ " \' {}'],
  ['select $1::text as it', [''], ''],
  ['select $1::text as it', [null], null],
  ['select $1::timestamptz as it', [new Date('2026-11-11T12:00:00.123Z')], new Date('2026-11-11T12:00:00.123Z')],
  ['select $1::date as it', ['2026-11-11'], '2026-11-11'],
  ['select $1::jsonb as it', ['{"a":[1,null,"x"]}'], { a: [1, null, 'x'] }],
  [`select '"text"'::json as it`, [], 'text'],
  ['select $1::bytea as it', [Uint8Array.of(0, 255, 92)], Uint8Array.of(0, 255, 92)],
  ['select $1::text[] as it', [['a', null, '', 'NULL', '{"\\,}', '货']], ['a', null, '', 'NULL', '{"\\,}', '货']],
  ['select $1::int8[] as it', [[]], []],
  ['select $1::int4[] as it', [[[1, 2], [3, 4]]], [[1, 2], [3, 4]]], // prettier-ignore
  ['select $1::timestamptz[] as it', [[new Date(0)]], [new Date(0)]],
  ['select $1::uuid as it', ['7c9e6679-7425-40de-944b-e07fc1f90ae7'], '7c9e6679-7425-40de-944b-e07fc1f90ae7'],
  [`select '812'::xid8 as it`, [], '812'],
  [`select current_setting('timezone') as it`, [], 'UTC'],
]

describe('a database', () => {
  eachDatabase((open) => {
    let db: Database
    beforeEach(async () => {
      db = await open()
      const sql = 'create table shop.item (id text primary key, "left" int not null check ("left" >= 0));\n'
      await migrate(db, 'shop', [{ name: '001-first', sql }])
    })
    afterEach(() => db.close())

    const put = (on: Database, id: string, left = 1): Promise<unknown> =>
      on.query('insert into shop.item values ($1, $2)', [id, left])
    const ids = async (): Promise<readonly string[]> =>
      (await db.query<{ id: string }>('select id from shop.item order by id')).rows.map((row) => row.id)

    it.each(VALUES)('answers %s of %j', async (sql, values, expected) => {
      const { rows } = await db.query<{ it: unknown }>(sql, values)
      expect(rows[0]?.it).toStrictEqual(expected)
    })

    it('refuses an int8 that a number cannot hold', async () => {
      await expect(db.query(`select 9007199254740993::int8 as it`)).rejects.toThrow(/2\^53/)
    })

    it('refuses an object as a parameter', async () => {
      await expect(db.query('select $1::jsonb', [{ a: 1 }])).rejects.toThrow(/JSON as text/)
    })

    it('counts the rows it touched', async () => {
      const { count } = await db.query(`insert into shop.item select g::text, 1 from generate_series(1, 5) g`)
      expect(count).toBe(5)
    })

    it('tells why a statement was refused, without its values', async () => {
      await put(db, 'a')
      const error = await put(db, 'a').catch((cause: unknown) => cause)
      expect(error).toBeInstanceOf(StatementError)
      expect(error).toMatchObject({ sqlState: '23505', constraint: 'item_pkey' })
      expect([isDuplicate(error, 'item_pkey'), isDuplicate(error, 'other')]).toEqual([true, false])
    })

    it('takes one statement at a time', async () => {
      await expect(db.query('select 1; select 2')).rejects.toThrow(StatementError)
    })

    it('keeps nothing of a transaction that throws', async () => {
      const work = db.transaction(async (tx) => {
        await put(tx, 'a')
        throw new Error('changed my mind')
      })
      await expect(work).rejects.toThrow('changed my mind')
      expect(await ids()).toEqual([])
    })

    it('tells when a transaction could not be kept because a statement in it had failed', async () => {
      const work = db.transaction(async (tx) => {
        await put(tx, 'a')
        await put(tx, 'a').catch(() => null)
      })
      await expect(work).rejects.toThrow('rolled back')
      expect(await ids()).toEqual([])
    })

    it('takes back a savepoint alone', async () => {
      await db.transaction(async (tx) => {
        await put(tx, 'a')
        await expect(tx.transaction((inner) => put(inner, 'a'))).rejects.toThrow(StatementError)
        await tx.transaction((inner) => inner.transaction((innermost) => put(innermost, 'b')))
      })
      expect(await ids()).toEqual(['a', 'b'])
    })

    it('refuses the handle of a transaction that is over', async () => {
      const leaked = await db.transaction((tx) => Promise.resolve(tx))
      await expect(leaked.query('select 1')).rejects.toThrow('over')
    })

    it('loses no change of transactions and statements that run together', async () => {
      await put(db, 'a', 0)
      const more = (on: Database): Promise<unknown> => on.query(`update shop.item set "left" = "left" + 1`)
      const twice = (): Promise<unknown> =>
        db.transaction(async (tx) => {
          await more(tx)
          await more(tx)
        })
      await Promise.all(Array.from({ length: 20 }, () => [twice(), more(db)]).flat())
      const { rows } = await db.query(`select "left" from shop.item`)
      expect(rows).toEqual([{ left: 60 }])
    })

    it('takes the statements of one transaction together, in order', async () => {
      const found = await db.transaction((tx) =>
        Promise.all([put(tx, 'a'), put(tx, 'b'), tx.query('select count(*) as held from shop.item')]),
      )
      expect(found[2]).toEqual({ rows: [{ held: 2 }], count: 1 })
    })

    it('tells of statements that travelled together the reason of the first that failed', async () => {
      await put(db, 'a')
      const work = db.transaction((tx) => {
        const all = [put(tx, 'b'), put(tx, 'a'), put(tx, 'c')]
        return Promise.allSettled(all).then((outcomes) => {
          for (const outcome of outcomes.slice(1)) expect(outcome).toMatchObject({ reason: { sqlState: '23505' } })
          throw new Error('seen')
        })
      })
      await expect(work).rejects.toThrow('seen')
      expect(await ids()).toEqual(['a'])
    })

    it('answers a prepared statement as any other, again and again, also after it was refused', async () => {
      const ask = (id: string): Promise<unknown> =>
        db.query('insert into shop.item values ($1, 1) returning id', [id], { prepared: true })
      expect(await ask('a')).toEqual({ rows: [{ id: 'a' }], count: 1 })
      await expect(ask('a')).rejects.toMatchObject({ sqlState: '23505' })
      await db.transaction((tx) =>
        Promise.all(
          ['b', 'c'].map((id) =>
            tx.query('insert into shop.item values ($1, 1) returning id', [id], { prepared: true }),
          ),
        ),
      )
      expect(await ids()).toEqual(['a', 'b', 'c'])
    })

    it('never sells the last piece twice', async () => {
      await put(db, 'a', 3)
      const buy = (): Promise<unknown> => db.query(`update shop.item set "left" = "left" - 1 where id = 'a'`)
      const outcomes = await Promise.allSettled(Array.from({ length: 10 }, buy))
      expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(3)
    })

    it('is written to by kysely, in a transaction too', async () => {
      await db.transaction(async (tx) => {
        await tables<Tables>(tx, 'shop').insertInto('item').values({ id: 'k', left: 4 }).execute()
      })
      const row = await tables<Tables>(db, 'shop').selectFrom('item').selectAll().executeTakeFirst()
      expect(row).toEqual({ id: 'k', left: 4 })
    })

    it('takes a migration once, also when two processes start together', async () => {
      const steps = [{ name: '002-more', sql: `create table shop.more (id int);\ninsert into shop.more values (1);` }]
      await Promise.all([migrate(db, 'shop', steps), migrate(db, 'shop', steps)])
      expect((await db.query('select * from shop.more')).rows).toEqual([{ id: 1 }])
    })

    it('takes no half of a migration', async () => {
      const steps = [{ name: '002-half', sql: 'create table shop.half (id int);\nselect nonsense;' }]
      await expect(migrate(db, 'shop', steps)).rejects.toThrow('nonsense')
      await expect(db.query('select * from shop.half')).rejects.toThrow('half')
    })

    it('waits for what runs before it closes, and then refuses', async () => {
      const own = await open()
      const slow = own.query('select pg_sleep(0.02)')
      await own.close()
      await expect(slow).resolves.toMatchObject({ count: 1 })
      await expect(own.query('select 1')).rejects.toThrow()
    })
  })
})

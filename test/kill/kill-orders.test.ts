import { beforeAll, describe, expect, inject, it } from 'vitest'
import { freshPostgres, missing } from '../support/databases.js'
import { compile } from '../support/compile.js'
import { onPglite, onPostgres } from './seeds.js'

/** `npm run kill:orders` does the same at length. */
const SIZE = { buyers: 120, pieces: 60, killing: { most: 5, everyAnswers: 35 } }

describe('orders whose processes are killed during a rush', () => {
  beforeAll(compile)

  const url = inject('postgresUrl')
  if (url === null) missing('PostgreSQL', () => it.todo('R04 R08 lose nothing'))
  else
    it.each([1, 2, 3])('R04 R08 are neither lost nor doubled on PostgreSQL, seed %i', async (seed) => {
      const { complaints, kills, placed } = await onPostgres(seed, () => freshPostgres(url), SIZE)
      expect(complaints).toEqual([])
      expect(kills).toBeGreaterThan(0)
      expect(placed).toBe(SIZE.pieces)
    })

  it.each([4, 5])('R04 R08 are neither lost nor doubled on PGlite, seed %i', async (seed) => {
    const { complaints, kills, placed } = await onPglite(seed, inject('pgliteTemplate'), SIZE)
    expect(complaints).toEqual([])
    expect(kills).toBeGreaterThan(0)
    expect(placed).toBe(SIZE.pieces)
  })
})

import { Pool, type PoolClient } from 'pg'
import type { Database, How, Result } from './database.js'
import { parameter } from './parameters.js'
import { StatementError } from './statement-error.js'
import { inTransaction, type Answer } from './transaction.js'
import { PARSERS } from './values.mjs'

/** Where PostgreSQL is (`postgres://user@host/name`), and how many connections this process may hold. */
export interface PostgresOptions {
  readonly url: string
  readonly pool?: number
}

/** Opens a pool of connections; the first statement makes the first connection. */
export function openPostgres({ url, pool = 10 }: PostgresOptions): Database {
  return new Postgres(
    new Pool({
      connectionString: url,
      max: pool,
      pipeline: true, // what a transaction asks together travels together
      connectionTimeoutMillis: 10_000,
      options: '-c timezone=UTC',
      types: { getTypeParser: (type) => PARSERS.get(type) ?? String },
    }),
  )
}

class Postgres implements Database {
  readonly #pool: Pool
  #closed: Promise<void> | null = null

  constructor(pool: Pool) {
    this.#pool = pool
    // One that breaks between two statements of a transaction: the next of them tells it.
    pool.on('connect', (client) => client.on('error', () => null))
    pool.on('error', () => null) // an idle connection broke: the pool has dropped it, and the next statement makes a new one
  }

  async query<Row>(sql: string, values: readonly unknown[] = [], how: How = {}): Promise<Result<Row>> {
    const { rows, count } = await ask(this.#pool, { sql, values, how })
    return { rows: rows as readonly Row[], count } // the caller names the row's form, as in every driver
  }

  async transaction<T>(work: (tx: Database) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect()
    try {
      return await inTransaction((sql, values, how = {}) => ask(client, { sql, values, how }), work)
    } finally {
      client.release() // the pool drops it when it is broken
    }
  }

  close(): Promise<void> {
    this.#closed ??= this.#pool.end()
    return this.#closed
  }
}

interface Question {
  readonly sql: string
  readonly values: readonly unknown[]
  readonly how: How
}

async function ask(client: Pool | PoolClient, { sql, values, how }: Question): Promise<Answer> {
  try {
    const query = { text: sql, values: values.map(parameter), queryMode: 'extended' }
    const named = how.prepared === true ? { ...query, name: nameOf(sql) } : query
    const { rows, rowCount, command } = await client.query<Record<string, unknown>>(named)
    return { rows, count: rowCount ?? 0, command }
  } catch (cause) {
    if (cause instanceof Error && 'severity' in cause) throw new StatementError(cause, sql)
    throw cause
  }
}

const names = new Map<string, string>()
const MOST_NAMES = 1000

/** The name that a statement bears on every connection; a program has few of them, and a slip is told at once. */
function nameOf(sql: string): string {
  const known = names.get(sql)
  if (known !== undefined) return known
  if (names.size >= MOST_NAMES) throw new Error(`more than ${MOST_NAMES} statements are prepared; this one too: ${sql}`)
  const name = `d${names.size}`
  names.set(sql, name)
  return name
}

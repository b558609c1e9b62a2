import { Pool, type PoolClient } from 'pg'
import type { Database, Result } from './database.js'
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
    pool.on('error', () => null) // an idle connection broke: the pool has dropped it, and the next statement makes a new one
  }

  async query<Row>(sql: string, values: readonly unknown[] = []): Promise<Result<Row>> {
    const { rows, count } = await ask(this.#pool, sql, values)
    return { rows: rows as readonly Row[], count } // the caller names the row's form, as in every driver
  }

  async transaction<T>(work: (tx: Database) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect()
    try {
      return await inTransaction(inTurn(client), work)
    } finally {
      client.release() // the pool drops it when it is broken
    }
  }

  close(): Promise<void> {
    this.#closed ??= this.#pool.end()
    return this.#closed
  }
}

/** The driver takes one statement at a time on a connection: the next is sent when the one before is answered. */
function inTurn(client: PoolClient): (sql: string, values: readonly unknown[]) => Promise<Answer> {
  let before: Promise<unknown> = Promise.resolve()
  return (sql, values) => {
    const answer = before.then(() => ask(client, sql, values))
    before = answer.catch(() => null)
    return answer
  }
}

async function ask(client: Pool | PoolClient, sql: string, values: readonly unknown[]): Promise<Answer> {
  try {
    const query = { text: sql, values: values.map(parameter), queryMode: 'extended' }
    const { rows, rowCount, command } = await client.query<Record<string, unknown>>(query)
    return { rows, count: rowCount ?? 0, command }
  } catch (cause) {
    if (cause instanceof Error && 'severity' in cause) throw new StatementError(cause, sql)
    throw cause
  }
}

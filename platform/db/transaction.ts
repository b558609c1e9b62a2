import type { Database, How, Result } from './database.js'
import { StatementError } from './statement-error.js'

/** What a connection answers; `command` is the tag of what was done, `COMMIT` or `ROLLBACK` at the end of a transaction. */
export interface Answer {
  readonly rows: readonly unknown[]
  readonly count: number
  readonly command: string
}

/** Sends one statement over a connection that is held for the sender alone; statements are done in the order sent. */
export type Send = (sql: string, values: readonly unknown[], how?: How) => Promise<Answer>

/** begin -> work -> commit, or rollback when the work throws; for both databases. */
export async function inTransaction<T>(send: Send, work: (tx: Database) => Promise<T>): Promise<T> {
  // Not awaited: the first statement of the work travels along. A failed begin is told before the commit.
  const begun = send('begin', [])
  const tx = new Transaction(send)
  let result: T
  try {
    ;[result] = await Promise.all([work(tx), begun])
  } catch (cause) {
    tx.end()
    await send('rollback', []).catch(() => null) // the cause is what matters; a lost connection rolls back by itself
    throw cause
  }
  tx.end()
  const { command } = await send('commit', [])
  if (command !== 'COMMIT') throw new Error('the transaction was rolled back: one of its statements had failed')
  return result
}

const IN_FAILED_TRANSACTION = '25P02'

/** The handle of one transaction; after its end it refuses everything. */
class Transaction implements Database {
  readonly #send: Send
  readonly #depth: number
  #over = false
  #failure: unknown = null
  #nested = false

  constructor(send: Send, depth = 0) {
    this.#send = send
    this.#depth = depth
  }

  async query<Row>(sql: string, values: readonly unknown[] = [], how: How = {}): Promise<Result<Row>> {
    if (this.#over) throw new Error(`the transaction is over, and was asked: ${sql.slice(0, 100)}`)
    const { rows, count } = await this.#send(sql, values, how).catch((cause: unknown) => this.#blame(cause))
    return { rows: rows as readonly Row[], count } // the caller names the row's form, as in every driver
  }

  /** After one has failed, the statements that travelled behind it fail for its sake: they tell its reason. */
  #blame(cause: unknown): never {
    const follows = cause instanceof StatementError && cause.sqlState === IN_FAILED_TRANSACTION
    if (!follows) this.#failure ??= cause
    throw follows && this.#failure !== null ? this.#failure : cause
  }

  async transaction<T>(work: (tx: Database) => Promise<T>): Promise<T> {
    if (this.#nested) throw new Error('a transaction has one savepoint at a time')
    const name = `s${this.#depth}`
    const inner = new Transaction(this.#send, this.#depth + 1)
    this.#nested = true
    try {
      await this.query(`savepoint ${name}`)
      const result = await work(inner)
      await this.query(`release savepoint ${name}`)
      return result
    } catch (cause) {
      inner.end()
      await this.query(`rollback to savepoint ${name}`).catch(() => null) // as above
      throw cause
    } finally {
      inner.end()
      this.#nested = false
    }
  }

  close(): Promise<void> {
    return Promise.reject(new Error('a transaction ends with its work; only the outer database is closed'))
  }

  end(): void {
    this.#over = true
  }
}

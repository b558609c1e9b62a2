import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Database, Result } from './database.js'
import { Gate } from './gate.js'
import { lockDirectory, type Unlock } from './lock-directory.js'
import { inTransaction, type Answer } from './transaction.js'
import { WorkerLine } from './worker-line.js'

/** Where the embedded database lies, and how much of it PostgreSQL keeps in its own memory. */
export interface PgliteOptions {
  readonly dir: string
  readonly sharedBuffers?: string
}

const MOST_WAITING = 20_000

/**
 * Opens the embedded database, made if the directory is new. One process at a time: a second is refused.
 * It survives the death of the process, not the loss of power: it never asks the disk to sync.
 */
export async function openPglite({ dir, sharedBuffers = '16MB' }: PgliteOptions): Promise<Database> {
  const unlock = await lockDirectory(dir)
  try {
    const cluster = join(dir, CLUSTER)
    // Making a database takes 600 MB, which a thread keeps until its end: a thread of its own gives it back.
    if (!existsSync(join(cluster, 'PG_VERSION'))) await (await WorkerLine.open(cluster, sharedBuffers)).close()
    return new Pglite(await WorkerLine.open(cluster, sharedBuffers), unlock)
  } catch (cause) {
    await unlock()
    throw cause
  }
}

/** The folder of PostgreSQL's own files, inside the database's directory. */
export const CLUSTER = 'cluster'

/** One connection in a thread: a transaction holds it alone, all else waits in line. */
class Pglite implements Database {
  readonly #line: WorkerLine
  readonly #unlock: Unlock
  readonly #gate = new Gate(MOST_WAITING)
  #closed: Promise<void> | null = null

  constructor(line: WorkerLine, unlock: Unlock) {
    this.#line = line
    this.#unlock = unlock
  }

  async query<Row>(sql: string, values: readonly unknown[] = []): Promise<Result<Row>> {
    const { rows, count } = await this.#gate.pass(() => this.#line.ask(sql, values))
    return { rows: rows as readonly Row[], count } // the caller names the row's form, as in every driver
  }

  async transaction<T>(work: (tx: Database) => Promise<T>): Promise<T> {
    await this.#gate.hold()
    return inTransaction((sql, values) => this.#send(sql, values), work)
  }

  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  /** The line keeps its order: once the last statement is on its way, the next in line may follow without waiting for its answer. */
  #send(sql: string, values: readonly unknown[]): Promise<Answer> {
    const answer = this.#line.ask(sql, values)
    if (sql === 'commit' || sql === 'rollback') this.#gate.release()
    return answer
  }

  async #close(): Promise<void> {
    await this.#gate.hold()
    await this.#line.close()
    await this.#unlock()
  }
}

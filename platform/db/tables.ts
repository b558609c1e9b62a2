import {
  CompiledQuery,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
} from 'kysely'
import type { Database } from './database.js'

/** Typed queries over one schema of a database, or of a transaction's handle. Transactions are the handle's own, never kysely's. */
export function tables<Tables>(db: Database, schema: string): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: dialectOver(db) }).withSchema(schema)
}

function dialectOver(db: Database): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => driverOver(connectionOver(db)),
    createIntrospector: (kysely) => new PostgresIntrospector(kysely),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  }
}

function connectionOver(db: Database): DatabaseConnection {
  return {
    async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
      const { rows, count } = await db.query<Row>(sql, parameters)
      return { rows: [...rows], numAffectedRows: BigInt(count) }
    },
    streamQuery() {
      throw new Error('rows are not streamed: read them in pages')
    },
  }
}

/** Opens, begins and ends nothing: all that is the database's. */
function driverOver(connection: DatabaseConnection): Driver {
  const nothing = (): Promise<void> => Promise.resolve()
  const refused = (): Promise<void> => Promise.reject(new Error('use the transaction of the database'))
  return {
    init: nothing,
    acquireConnection: () => Promise.resolve(connection),
    beginTransaction: refused,
    commitTransaction: refused,
    rollbackTransaction: refused,
    releaseConnection: nothing,
    destroy: nothing,
  }
}

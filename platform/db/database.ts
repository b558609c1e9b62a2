/** What a statement gave: its rows, and how many rows it touched. */
export interface Result<Row> {
  readonly rows: readonly Row[]
  readonly count: number
}

/**
 * How a statement is asked. `prepared` is for the few that come many times a second with parameters of one kind: each connection
 * then reads and plans its text once. Never for one whose best plan depends on its values.
 */
export interface How {
  readonly prepared?: boolean
}

/**
 * Where the truth is kept: PGlite (embedded) or PostgreSQL (grown), the same SQL in both, nothing newer than PostgreSQL 15.
 * Values come back alike from both: int8 and int4 as numbers (an int8 beyond 2^53 is refused), numeric as text,
 * timestamptz as `Date`, jsonb parsed, bytea as `Uint8Array`. Parameters may be arrays, `Date`, `Uint8Array`; JSON is given as text and cast.
 */
export interface Database {
  query<Row>(sql: string, values?: readonly unknown[], how?: How): Promise<Result<Row>>
  /**
   * One transaction (read committed): committed when `work` ends, rolled back when it throws. Inside it use `tx` and nothing else
   * (the embedded database has one connection: the outer handle would wait for ever), and never wait for the network.
   * Statements asked together (before the answer of the first) travel together and are done in the order asked.
   * On a transaction's own handle it is a savepoint.
   */
  transaction<T>(work: (tx: Database) => Promise<T>): Promise<T>
  /** Waits for what runs, then closes. */
  close(): Promise<void>
}

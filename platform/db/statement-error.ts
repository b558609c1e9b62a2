/** What the two drivers tell of a statement that the database refused. */
interface Told {
  readonly message: string
  readonly code?: unknown
  readonly constraint?: unknown
}

/** A statement that the database refused: the same from both databases, without the values (they may be somebody's name). */
export class StatementError extends Error {
  /** Five characters, as in PostgreSQL's appendix A; `23505` is a unique violation. */
  readonly sqlState: string
  readonly constraint: string | null

  constructor(told: Told, sql: string) {
    super(`${told.message} in: ${sql.length > 300 ? `${sql.slice(0, 300)}…` : sql}`)
    this.name = 'StatementError'
    this.sqlState = typeof told.code === 'string' ? told.code : ''
    this.constraint = typeof told.constraint === 'string' ? told.constraint : null
  }
}

/** Whether a unique key refused the row: of this constraint, when one is named. */
export function isDuplicate(error: unknown, constraint?: string): boolean {
  if (!(error instanceof StatementError) || error.sqlState !== '23505') return false
  return constraint === undefined || error.constraint === constraint
}

/**
 * A parameter as the text that PostgreSQL reads, the same for both databases: numbers, booleans, `Date`, bytes and arrays of them.
 * An object is refused: JSON is given as text and cast, so that no driver guesses.
 */
export function parameter(value: unknown): string | null {
  if (value === null || value === undefined) return null
  return Array.isArray(value) ? arrayText(value) : scalarText(value)
}

function scalarText(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value)
  if (value instanceof Date) return value.toISOString()
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`
  throw new TypeError('a parameter must be a scalar, a date, bytes or a list of them; give JSON as text')
}

function arrayText(values: readonly unknown[]): string {
  return `{${values.map(elementText).join(',')}}`
}

function elementText(value: unknown): string {
  if (value === null || value === undefined) return 'NULL'
  if (Array.isArray(value)) return arrayText(value)
  const text = scalarText(value)
  // Most elements are ids: looking is cheaper than replacing nothing.
  return text.includes('"') || text.includes('\\') ? `"${text.replace(/[\\"]/g, '\\$&')}"` : `"${text}"`
}

/** Whole numbers of so many digits may be beyond 2^53, where a double rounds. */
const LONG = /\d{16}/
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g

/** JSON text, its long whole numbers (16 digits and more) read as texts of their digits instead of being rounded. Throws like `JSON.parse`. */
export function parseExact(json: string): unknown {
  const rounded = JSON.parse(json) as unknown // throws here when it is no JSON: below every string is known to end
  if (!LONG.test(json)) return rounded
  return JSON.parse(json.replace(TOKEN, (token) => (/^-?\d{16,}$/.test(token) ? `"${token}"` : token))) as unknown
}

/** JSON text in which a bigint is written as a number, however long. Everything else is as `JSON.stringify` has it. */
export function writeExact(value: unknown): string {
  if (typeof value === 'bigint') return value.toString()
  if (Array.isArray(value)) return `[${value.map((item) => writeExact(item ?? null)).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${writeExact(member)}`).join(',')}}`
}

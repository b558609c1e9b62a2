const ESCAPED = /["\\\u0000-\u001f\ud800-\udfff]/

/** A text as JSON. Most texts need no escape, and to look is quicker than to write (bench/gateway). */
export function jsonText(value: string): string {
  return value.length < 256 && !ESCAPED.test(value) ? `"${value}"` : JSON.stringify(value)
}

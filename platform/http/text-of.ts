import { isAscii, isUtf8 } from 'node:buffer'

/** The text of bytes that came from outside; null when they are no UTF-8. Most JSON is ASCII, which needs no decoding (bench/gateway). */
export function textOf(bytes: Buffer): string | null {
  if (isAscii(bytes)) return bytes.toString('latin1')
  return isUtf8(bytes) ? bytes.toString() : null
}

/** What stands before the client's own id in a `next` message. */
export const BEFORE_ID = '{"id":'

/** What stands behind the client's own id, the same for every viewer; used as the `Wrap` of a `SharedAnswer`. */
export function behindId(body: string): Buffer {
  return Buffer.from(`,"type":"next","payload":${body}}`)
}

/** RFC 6455, section 5.2: a server's frame is never masked; the length of its payload takes one, three or nine bytes. */
export function headerLength(payload: number): number {
  return payload < 126 ? 2 : payload < 65_536 ? 4 : 10
}

const WHOLE_TEXT = 0x81

/** Writes the header of a text frame; gives the place behind it. */
export function writeHeader(bytes: Buffer, at: number, payload: number): number {
  bytes[at] = WHOLE_TEXT
  const length = headerLength(payload)
  if (length === 2) bytes[at + 1] = payload
  else if (length === 4) {
    bytes[at + 1] = 126
    bytes.writeUInt16BE(payload, at + 2)
  } else {
    bytes[at + 1] = 127
    bytes.writeBigUInt64BE(BigInt(payload), at + 2)
  }
  return at + length
}

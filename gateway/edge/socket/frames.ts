/**
 * RFC 6455, section 5.4: a message may come in fragments. The head of a `next` message (with the client's own id) is one fragment, made
 * once per subscription; the answer is the other, made once per event for all viewers: nothing is copied for each of them.
 */
const TEXT_TO_BE_CONTINUED = 0x01
const LAST_CONTINUATION = 0x80

/** The first fragment of each `next` message of one subscription. */
export function nextHead(id: string): Buffer {
  return frame(TEXT_TO_BE_CONTINUED, `{"id":${JSON.stringify(id)},"type":"next","payload":`)
}

/** The fragment that all viewers share; used as the `Wrap` of a `SharedAnswer`. */
export function nextTail(body: string): Buffer {
  return frame(LAST_CONTINUATION, `${body}}`)
}

/** A server's frame is never masked; its length takes one, three or nine bytes. */
function frame(first: number, text: string): Buffer {
  const length = Buffer.byteLength(text)
  const header = length < 126 ? 2 : length < 65_536 ? 4 : 10
  const bytes = Buffer.allocUnsafe(header + length)
  bytes[0] = first
  if (header === 2) bytes[1] = length
  else if (header === 4) {
    bytes[1] = 126
    bytes.writeUInt16BE(length, 2)
  } else {
    bytes[1] = 127
    bytes.writeBigUInt64BE(BigInt(length), 2)
  }
  bytes.write(text, header)
  return bytes
}

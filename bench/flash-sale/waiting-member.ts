import { connect, type Socket } from 'node:net'

/** Who hears what the members who wait are told. */
export interface Told {
  /** `nth` telling of this member (0: the first), and how many are before him; null: he holds no ticket. */
  position(member: number, nth: number, position: number | null): void
  failed(member: number, why: string): void
}

const HANDSHAKE =
  'GET /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n'
const QUERY = 'subscription ($id: ID!) { queuePosition(flashSaleId: $id) { positionForMe } }'
const POSITION = /"positionForMe":(null|\d+)/

/** What a member watches, and as whom. */
export interface Watches {
  readonly member: number
  readonly port: number
  readonly token: string
  readonly flashSale: string
  readonly told: Told
}

/** One of thousands, as cheap as can be: a bare socket, frames read by hand (RFC 6455). */
export class WaitingMember {
  readonly #watches: Watches
  readonly #socket: Socket
  #rest: Buffer = Buffer.alloc(0)
  #isUpgraded = false
  #tellings = 0

  constructor(watches: Watches) {
    this.#watches = watches
    const { port, member } = watches
    // One address has about 28,000 ports; Linux listens on all of 127.0.0.0/8.
    this.#socket = connect({ port, host: '127.0.0.1', localAddress: `127.0.0.${2 + (member % 50)}`, noDelay: true })
    this.#socket.on('connect', () => this.#socket.write(HANDSHAKE))
    this.#socket.on('data', (bytes) => this.#heard(bytes))
    this.#socket.on('error', (error) => watches.told.failed(member, error.message))
  }

  /** Tellings are counted from here on. */
  countAnew(): void {
    this.#tellings = 0
  }

  leave(): void {
    this.#socket.destroy()
  }

  #heard(bytes: Buffer): void {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes])
    if (!this.#isUpgraded) {
      const end = this.#rest.indexOf('\r\n\r\n')
      if (end === -1) return
      this.#isUpgraded = true
      this.#rest = this.#rest.subarray(end + 4)
      this.#say({ type: 'connection_init', payload: { authorization: `Bearer ${this.#watches.token}` } })
    }
    for (let frame = this.#frame(); frame !== null; frame = this.#frame()) this.#message(frame)
  }

  /** The next whole frame's text; what is no text is left out. */
  #frame(): string | null {
    const rest = this.#rest
    if (rest.length < 2) return null
    const short = (rest[1] ?? 0) & 127
    const from = short === 126 ? 4 : 2
    if (rest.length < from) return null
    const size = short === 126 ? rest.readUInt16BE(2) : short
    if (rest.length < from + size) return null
    this.#rest = rest.subarray(from + size)
    return ((rest[0] ?? 0) & 15) === 1 ? rest.toString('utf8', from, from + size) : ''
  }

  #message(text: string): void {
    const { member, flashSale, told } = this.#watches
    if (text.includes('"errors"') && POSITION.test(text)) return // he came while others' were asked: the next telling has his
    const position = POSITION.exec(text)?.[1]
    if (position !== undefined) told.position(member, this.#tellings++, position === 'null' ? null : Number(position))
    else if (text.includes('"connection_ack"'))
      this.#say({ id: '1', type: 'subscribe', payload: { query: QUERY, variables: { id: flashSale } } })
    else if (text.includes('"error')) told.failed(member, text)
  }

  #say(message: object): void {
    this.#socket.write(masked(JSON.stringify(message)))
  }
}

/** A client masks what it sends; a mask of zeros leaves it as it is. */
function masked(text: string): Buffer {
  const size = Buffer.byteLength(text)
  const head = size < 126 ? [0x81, 0x80 | size] : [0x81, 0x80 | 126, size >> 8, size & 255]
  return Buffer.concat([Buffer.from([...head, 0, 0, 0, 0]), Buffer.from(text)])
}

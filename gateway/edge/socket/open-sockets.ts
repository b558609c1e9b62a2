import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'
import type { Chance } from '../../../platform/time/chance.js'
import { addressOf } from '../address.js'
import { foreignSocket } from '../cross-site.js'
import type { Farewell } from '../farewell.js'
import { byTurns, connectByTurns, ignore } from './by-turns.js'
import { Connection, type ConnectionParts } from './connection.js'
import { Line } from './line.js'
import { CLOSE, PROTOCOL } from './messages.js'
import { Pings } from './pings.js'
import { Tally } from './tally.js'
import { Turns } from './turns.js'

/** What sockets are built of. */
export type SocketParts = Omit<ConnectionParts, 'perMember'> & { readonly chance: Chance }

/** The open sockets. */
export interface Sockets {
  /** No new ones; those that are open are told that we go away. */
  close(): void
  /** Does not wait for anybody's farewell any longer. */
  cut(): void
}

interface Member {
  readonly connection: Connection
  readonly line: Line
}

/** Connections, upgrades and pieces of what is said that may wait while a crowd is let in. */
const MOST_WAITING = 100_000

/**
 * The most pieces that one message may come in, as frames or as packets: each is kept by itself until the last is here, and one of a byte
 * costs a hundred times what it brings.
 */
function mostPieces(bytes: number): number {
  return Math.max(1_024, Math.ceil(bytes / 256))
}

/** Takes upgrades of `/graphql`, each only after its manners were checked. */
export function openSockets(server: Server, parts: SocketParts, farewell: Farewell): Sockets {
  const { settings, observer, chance, clock } = parts
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false, // costs 300 KB of memory for each socket, and a bomb is one frame away
    autoPong: false, // its answers would pass by the line's bound
    maxPayload: settings.limits.bodyBytes,
    maxFragments: mostPieces(settings.limits.bodyBytes),
    maxBufferedChunks: mostPieces(settings.limits.bodyBytes),
    handleProtocols: (offered) => (offered.has(PROTOCOL) ? PROTOCOL : false),
  })
  const members = new Set<Member>()
  const perAddress = new Tally(settings.sockets.mostPerAddress)
  const shared: ConnectionParts = { ...parts, perMember: new Tally(settings.sockets.mostPerMember) }
  const turns = new Turns({ most: MOST_WAITING, clock, observer })
  const pings = new Pings(clock, settings.sockets.pingMs)
  let closing = false
  connectByTurns(server, turns)

  server.on('upgrade', (request, raw, first) => {
    raw.on('error', ignore) // until `ws` hears of it itself: one that failed while it waited is let be by `handleUpgrade`
    const isWaiting = turns.run(() => {
      const status = closing ? 503 : refusal(request, parts, perAddress)
      if (status !== null) refuse(raw, status)
      else sockets.handleUpgrade(request, raw, first, (socket) => accept(socket, request, raw))
      raw.off('error', ignore)
    })
    if (!isWaiting) refuse(raw, 503)
  })

  function accept(socket: WebSocket, request: IncomingMessage, raw: Duplex): void {
    const address = request.socket.remoteAddress ?? ''
    const line = new Line(socket, raw, {
      mostBacklog: settings.sockets.mostBacklog,
      full() {
        observer.count('socket.unread')
        member.connection.close(CLOSE.tryLater, 'reads too slowly')
      },
    })
    const from = addressOf(request, settings.trustProxy)
    const upgrade = { headers: request.headers, requestId: chance.uuid(), address: from }
    const member: Member = {
      connection: new Connection(line, upgrade, shared),
      line,
    }
    const asked = pings.join(line)
    members.add(member)
    const leaveAddress = perAddress.enter(address)
    observer.gauge('socket.open', members.size)
    socket.on('message', (message, isBinary) => {
      asked.heard()
      if (isBinary) member.connection.close(CLOSE.badRequest, 'messages are text')
      else member.connection.heard((message as Buffer).toString()) // with the default binaryType a message is one buffer
    })
    socket.on('ping', (data) => {
      asked.heard()
      member.connection.pinged(data)
    })
    socket.on('pong', () => asked.heard())
    socket.on('error', (error) => {
      deafen()
      observer.log('debug', 'a socket failed', { error })
    })
    const gone = (): void => {
      members.delete(member)
      asked.stop()
      leaveAddress()
      observer.gauge('socket.open', members.size)
      member.connection.gone()
    }
    socket.on('close', gone)
    const deafen = byTurns(raw, turns, () => member.connection.close(CLOSE.tryLater, 'too many come at once'))
    if (socket.protocol !== PROTOCOL) member.connection.close(CLOSE.subprotocol, 'Subprotocol not acceptable')
  }

  return {
    close() {
      closing = true
      pings.stop()
      // At different moments, or all of them would stand before the next gateway's door at once.
      for (const { connection } of members) farewell(() => connection.close(CLOSE.goingAway, 'going away'))
      sockets.close()
    },
    cut() {
      for (const { line } of members) line.cut()
    },
  }
}

function refusal(request: IncomingMessage, { settings }: SocketParts, perAddress: Tally): number | null {
  if (request.url?.split('?')[0] !== '/graphql') return 404
  if (foreignSocket(request.headers, settings.origins)) return 403
  return perAddress.isFull(request.socket.remoteAddress ?? '') ? 429 : null
}

const REASONS: Readonly<Record<number, string>> = {
  403: 'Forbidden',
  404: 'Not Found',
  429: 'Too Many Requests',
  503: 'Service Unavailable',
}

function refuse(raw: Duplex, status: number): void {
  raw.on('error', ignore) // the peer may be gone already
  raw.end(`HTTP/1.1 ${status} ${REASONS[status] ?? 'Refused'}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
}

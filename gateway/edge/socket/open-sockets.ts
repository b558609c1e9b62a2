import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'
import type { Chance } from '../../../platform/time/chance.js'
import { repeat } from '../../../platform/time/clock.js'
import { addressOf } from '../address.js'
import { foreignSocket } from '../cross-site.js'
import type { Farewell } from '../farewell.js'
import { byTurns } from './by-turns.js'
import { Connection, type ConnectionParts } from './connection.js'
import { Line } from './line.js'
import { CLOSE, PROTOCOL } from './messages.js'
import { Turns } from './turns.js'

/** What sockets are built of. */
export type SocketParts = ConnectionParts & { readonly chance: Chance }

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
  /** At which beat it is asked whether it is still there. */
  readonly beat: number
  heardOf: boolean
  /** Beats in a row that he was not asked at, since he was told something instead. */
  spared: number
}

/** A crowd is not asked in one breath whether it is there: ten thousand pings would hold up everything else. */
const BEATS = 16

/** Whoever is told something keeps his connection open by that; he is asked at every third beat, for a client that has died takes bytes for a while. */
const SPARED = 3

/** Upgrades and messages that may wait while a crowd is let in. */
const MOST_WAITING = 100_000

/** Takes upgrades of `/graphql`, each only after its manners were checked. */
export function openSockets(server: Server, parts: SocketParts, farewell: Farewell): Sockets {
  const { settings, observer, chance, clock } = parts
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false, // costs 300 KB of memory for each socket, and a bomb is one frame away
    autoPong: false, // its answers would pass by the line's bound
    maxPayload: settings.limits.bodyBytes,
    handleProtocols: (offered) => (offered.has(PROTOCOL) ? PROTOCOL : false),
  })
  const members = new Set<Member>()
  const perAddress = new Map<string, number>()
  const turns = new Turns({ most: MOST_WAITING, clock, observer })
  let closing = false
  let beat = 0

  server.on('upgrade', (request, raw, first) => {
    raw.on('error', ignore) // until `ws` hears of it itself
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
      connection: new Connection(line, upgrade, parts),
      line,
      beat: members.size % BEATS,
      heardOf: true,
      spared: 0,
    }
    members.add(member)
    perAddress.set(address, (perAddress.get(address) ?? 0) + 1)
    observer.gauge('socket.open', members.size)
    socket.on('message', (message, isBinary) => {
      member.heardOf = true
      if (isBinary) member.connection.close(CLOSE.badRequest, 'messages are text')
      else member.connection.heard((message as Buffer).toString()) // with the default binaryType a message is one buffer
    })
    socket.on('ping', (data) => {
      member.heardOf = true
      member.connection.pinged(data)
    })
    socket.on('pong', () => (member.heardOf = true))
    socket.on('error', (error) => observer.log('debug', 'a socket failed', { error }))
    const gone = (): void => {
      members.delete(member)
      leaveAddress(perAddress, address)
      observer.gauge('socket.open', members.size)
      member.connection.gone()
    }
    socket.on('close', gone)
    byTurns(raw, turns, () => member.connection.close(CLOSE.tryLater, 'too many come at once'))
    if (socket.protocol !== PROTOCOL) member.connection.close(CLOSE.subprotocol, 'Subprotocol not acceptable')
  }

  const stopPinging = repeat(clock, settings.sockets.pingMs / BEATS, () => {
    beat = (beat + 1) % BEATS
    for (const member of members) {
      if (member.beat !== beat) continue
      if (member.line.wasTold() && ++member.spared < SPARED) continue
      member.spared = 0
      if (!member.heardOf) member.line.cut()
      member.heardOf = false
      member.line.ping()
    }
  })

  return {
    close() {
      closing = true
      stopPinging()
      // At different moments, or all of them would stand before the next gateway's door at once.
      for (const { connection } of members) farewell(() => connection.close(CLOSE.goingAway, 'going away'))
      sockets.close()
    },
    cut() {
      for (const { line } of members) line.cut()
    },
  }
}

function refusal(
  request: IncomingMessage,
  { settings }: SocketParts,
  perAddress: ReadonlyMap<string, number>,
): number | null {
  if (request.url?.split('?')[0] !== '/graphql') return 404
  if (foreignSocket(request.headers, settings.origins)) return 403
  const { mostPerAddress } = settings.sockets
  if (mostPerAddress > 0 && (perAddress.get(request.socket.remoteAddress ?? '') ?? 0) >= mostPerAddress) return 429
  return null
}

function ignore(): void {
  // a socket that failed while it waited is destroyed, and `handleUpgrade` lets it be
}

const REASONS: Readonly<Record<number, string>> = {
  403: 'Forbidden',
  404: 'Not Found',
  429: 'Too Many Requests',
  503: 'Service Unavailable',
}

function refuse(raw: Duplex, status: number): void {
  raw.on('error', () => undefined) // the peer may be gone already
  raw.end(`HTTP/1.1 ${status} ${REASONS[status] ?? 'Refused'}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
}

function leaveAddress(perAddress: Map<string, number>, address: string): void {
  const left = (perAddress.get(address) ?? 1) - 1
  if (left > 0) perAddress.set(address, left)
  else perAddress.delete(address)
}

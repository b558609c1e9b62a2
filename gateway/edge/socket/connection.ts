import type { IncomingHttpHeaders } from 'node:http'
import { Failure } from '../../../platform/failure.js'
import type { Observer } from '../../../platform/observe/observer.js'
import type { Cancel, Clock } from '../../../platform/time/clock.js'
import { untilExpiry, type Asker, type ReadBearer } from '../bearer.js'
import { checkJson } from '../../operation/limits.js'
import { runOperation, type OperationParts } from '../run-operation.js'
import type { EdgeSettings } from '../settings.js'
import type { Line } from './line.js'
import { CLOSE, readMessage, type ClientMessage, type Subscribe } from './messages.js'
import { Subscription, type Conversation } from './subscription.js'
import type { Tally } from './tally.js'

/** What all connections share. */
export interface ConnectionParts extends OperationParts {
  readonly bearer: ReadBearer
  readonly settings: EdgeSettings
  /** The acknowledged sockets of each member. */
  readonly perMember: Tally
  readonly clock: Clock
  readonly observer: Observer
}

/** What the upgrade request brought. */
export interface Upgrade {
  readonly headers: IncomingHttpHeaders
  readonly requestId: string
  readonly address: string
}

/** One client's conversation in `graphql-transport-ws`. */
export class Connection implements Conversation {
  readonly #line: Line
  readonly #upgrade: Upgrade
  readonly #parts: ConnectionParts
  /** Operations that run, by the client's ids, each with the way to end it. */
  readonly #running = new Map<string, () => void>()
  #inits = 0
  #asker: Asker | null = null
  #leaveMember: () => void = () => undefined
  #timer: Cancel
  #messages = 0
  #countedFrom: number

  constructor(line: Line, upgrade: Upgrade, parts: ConnectionParts) {
    this.#line = line
    this.#upgrade = upgrade
    this.#parts = parts
    this.#countedFrom = parts.clock.monotonicMs()
    this.#timer = parts.clock.after(parts.settings.sockets.initMs, () =>
      this.close(CLOSE.initTimeout, 'Connection initialisation timeout'),
    )
  }

  /** One message of the client, as text. */
  heard(text: string): void {
    if (!this.#line.open) return
    if (this.#tooMany()) {
      this.close(CLOSE.tryLater, 'too many messages')
      return
    }
    try {
      checkJson(text, this.#parts.settings.limits)
      this.#act(readMessage(text))
    } catch (error) {
      if (!(error instanceof Failure)) this.#parts.observer.log('error', 'a socket message failed', { error })
      this.close(CLOSE.badRequest, error instanceof Failure ? error.message : 'Invalid message received')
    }
  }

  /** A ping of WebSocket itself: it counts as a message, since it costs an answer. */
  pinged(data: Buffer): void {
    if (this.#tooMany()) this.close(CLOSE.tryLater, 'too many messages')
    else this.#line.pong(data)
  }

  close(code: number, reason: string): void {
    this.#parts.observer.count('socket.closedByUs', { code: String(code) })
    this.#line.close(code, reason)
    this.gone()
  }

  finish(id: string): boolean {
    return this.#running.delete(id)
  }

  /** The socket is no more: whatever runs for it ends. */
  gone(): void {
    this.#timer()
    this.#leaveMember()
    const running = [...this.#running.values()]
    this.#running.clear()
    for (const end of running) end()
  }

  #act(message: ClientMessage): void {
    switch (message.type) {
      case 'connection_init':
        this.#init(message.payload)
        return
      case 'ping':
        this.#line.send(JSON.stringify({ type: 'pong', ...(message.payload !== null && { payload: message.payload }) }))
        return
      case 'pong':
        return
      case 'subscribe':
        this.#subscribe(message.id, message.payload)
        return
      case 'complete':
        this.#end(message.id)
        return
    }
  }

  #init(payload: Readonly<Record<string, unknown>>): void {
    if (++this.#inits > 1) {
      this.close(CLOSE.tooManyInits, 'Too many initialisation requests')
      return
    }
    const sent = payload['authorization'] ?? payload['Authorization']
    const authorization = typeof sent === 'string' ? sent : this.#upgrade.headers.authorization
    void this.#parts.bearer(authorization, this.#upgrade.address).then(
      (asker) => this.#acknowledge(asker),
      (error: unknown) => this.close(CLOSE.forbidden, error instanceof Failure ? error.message : 'Forbidden'),
    )
  }

  #acknowledge(asker: Asker): void {
    this.#timer()
    if (!this.#line.open) return
    const { member } = asker.who
    if (member !== null && this.#parts.perMember.isFull(member)) {
      this.close(CLOSE.tooManySockets, 'too many sockets of one member')
      return
    }
    if (member !== null) this.#leaveMember = this.#parts.perMember.enter(member)
    this.#asker = asker
    // The code lets the client come back with a new token.
    this.#timer = untilExpiry(asker.who, this.#parts.clock, () => this.close(CLOSE.forbidden, 'the token has expired'))
    this.#line.send('{"type":"connection_ack"}')
  }

  #subscribe(id: string, asked: Subscribe): void {
    if (this.#asker === null) {
      this.close(CLOSE.unauthorized, 'Unauthorized')
      return
    }
    if (this.#running.has(id)) {
      this.close(CLOSE.idTaken, `Subscriber for ${id} already exists`)
      return
    }
    if (this.#running.size >= this.#parts.settings.sockets.mostOperations) {
      this.#fail(id, [{ message: 'too many operations on one socket', extensions: { code: 'BUSY' } }])
      return
    }
    this.#running.set(id, () => undefined)
    const { wanted, operationName, variables } = asked
    const { requestId, headers } = this.#upgrade
    const context = { ...this.#asker, requestId, signal: null, carried: this.#parts.carry(headers) }
    const operation = { wanted, operationName, variables, context, mayChange: true }
    const end = runOperation(this.#parts, operation, new Subscription(id, this.#line, this))
    if (this.#running.has(id)) this.#running.set(id, end)
    else end()
  }

  #fail(id: string, errors: unknown): void {
    this.#line.send(JSON.stringify({ id, type: 'error', payload: errors }))
  }

  #end(id: string): void {
    const end = this.#running.get(id)
    this.#running.delete(id)
    end?.()
  }

  #tooMany(): boolean {
    const now = this.#parts.clock.monotonicMs()
    if (now - this.#countedFrom > 10_000) {
      this.#countedFrom = now
      this.#messages = 0
    }
    return ++this.#messages > this.#parts.settings.sockets.mostMessages
  }
}

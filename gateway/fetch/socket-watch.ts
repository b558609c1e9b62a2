import type WebSocket from 'ws'
import { repeat, type Cancel, type Clock } from '../../platform/time/clock.js'

/** How long a subgraph may take to acknowledge a socket, and how often it is then asked whether it is still there. */
const ACKNOWLEDGED_MS = 5_000
const PING_MS = 20_000

const PING = '{"type":"ping"}'

/** What a watch needs of a socket. */
export type WatchedSocket = Pick<WebSocket, 'send' | 'close' | 'terminate'>

/**
 * Whether a subgraph is still at the other end of its socket: it has to acknowledge in time, then to say something, if only a `pong`,
 * between each ping and the next. graphql-ws sends pings itself, but does not mind when nothing comes back.
 */
export class SocketWatch {
  readonly #clock: Clock
  #stop: Cancel = () => undefined
  #isHeardOf = true

  constructor(clock: Clock) {
    this.#clock = clock
  }

  opened(socket: WatchedSocket): void {
    this.#stop = this.#clock.after(ACKNOWLEDGED_MS, () => cut(socket))
  }

  acknowledged(socket: WatchedSocket): void {
    this.#stop()
    this.#stop = repeat(this.#clock, PING_MS, () => this.#ask(socket))
  }

  /** Whatever it says is a sign of life. */
  heard(): void {
    this.#isHeardOf = true
  }

  closed(): void {
    this.#stop()
  }

  #ask(socket: WatchedSocket): void {
    if (this.#isHeardOf) socket.send(PING)
    else cut(socket)
    this.#isHeardOf = false
  }
}

/** Says why, for one who hears and only does not answer, and does not wait for a farewell that may never come. */
function cut(socket: WatchedSocket): void {
  socket.close(4408, 'Request Timeout')
  socket.terminate()
}

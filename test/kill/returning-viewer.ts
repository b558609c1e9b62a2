import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import { fields, type Fields } from '../../platform/decode.js'
import { pause, systemClock } from '../../platform/time/clock.js'
import type { Chance } from '../../platform/time/chance.js'

/** Whom a viewer may go to, and what he watches. */
export interface ViewerOptions {
  readonly endpoints: readonly string[]
  readonly query: string
  readonly roomId: string
  readonly chance: Chance
  /** The share of events after which he cuts his own line. */
  readonly leaving: number
}

const REST_MS = 50

/** A viewer who comes back with his last cursor whenever his line ends, to whichever gateway; he remembers all that he was told. */
export class ReturningViewer {
  readonly heard: Fields[] = []
  readonly #options: ViewerOptions
  readonly #life: Promise<void>
  #cursor = '0'
  #visits = 0
  /** Answers without any data: what they told of is asked for again. */
  #empty = 0
  #over = false
  #end: () => void = () => undefined

  constructor(options: ViewerOptions) {
    this.#options = options
    this.#life = this.#live()
  }

  get visits(): number {
    return this.#visits
  }

  get empty(): number {
    return this.#empty
  }

  async leave(): Promise<void> {
    this.#over = true
    this.#end()
    await this.#life
  }

  async #live(): Promise<void> {
    const { chance } = this.#options
    while (!this.#isOver()) {
      this.#visits++
      await this.#visit()
      await pause(systemClock, REST_MS * (0.5 + chance.fraction()))
    }
  }

  /** Looked at anew each time: it changes while a visit lasts. */
  #isOver(): boolean {
    return this.#over
  }

  /** Until the line ends, from whichever side. */
  async #visit(): Promise<void> {
    const { endpoints, query, roomId, chance } = this.#options
    const url = endpoints[Math.floor(chance.fraction() * endpoints.length)] ?? ''
    const client = createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket, retryAttempts: 0 })
    let isHere = true
    await new Promise<void>((resolve) => {
      this.#end = () => {
        isHere = false
        resolve()
      }
      client.subscribe(
        { query, variables: { roomId, after: this.#cursor } },
        {
          next: ({ data }) => {
            if (isHere) this.#hear(data ?? null)
          },
          error: () => this.#end(),
          complete: () => this.#end(),
        },
      )
    })
    client.terminate() // no farewell: as a phone leaves that loses its net
    await client.dispose()
  }

  #hear(data: unknown): void {
    const [event] = data === null ? [] : Object.values(fields(data, 'data'))
    if (event === null || event === undefined) {
      this.#empty++
      this.#end()
      return
    }
    const told = fields(event, 'event')
    this.heard.push(told)
    if (typeof told['cursor'] === 'string') this.#cursor = told['cursor']
    if (this.#options.chance.fraction() < this.#options.leaving) this.#end()
  }
}

import { poster, type Poster, type PosterOptions } from '../../platform/http/poster.js'

/** Where a subgraph listens, taken apart once. */
export interface SubgraphDoor {
  readonly url: string
  readonly origin: string
  readonly path: string
  readonly poster: Poster
}

/** The ways to subgraphs by their newest addresses; those behind one origin share its connections. */
export class Doors {
  readonly #urlOf: (subgraph: string) => string | undefined
  readonly #options: PosterOptions
  readonly #doors = new Map<string, SubgraphDoor>()
  readonly #posters = new Map<string, Poster>()
  readonly #leaving = new Set<Promise<void>>()

  constructor(urlOf: (subgraph: string) => string | undefined, options: PosterOptions) {
    this.#urlOf = urlOf
    this.#options = options
  }

  /** Null for a subgraph without an address. */
  of(subgraph: string): SubgraphDoor | null {
    const url = this.#urlOf(subgraph)
    if (url === undefined) return null
    const known = this.#doors.get(subgraph)
    if (known?.url === url) return known
    const { origin, pathname, search } = new URL(url)
    const door = { url, origin, path: pathname + search, poster: this.#posterOf(origin) }
    this.#doors.set(subgraph, door)
    if (known !== undefined) this.#leave(known.origin)
    return door
  }

  async stop(): Promise<void> {
    await Promise.all([...[...this.#posters.values()].map((one) => one.close()), ...this.#leaving])
  }

  #posterOf(origin: string): Poster {
    const there = this.#posters.get(origin) ?? poster(origin, this.#options)
    this.#posters.set(origin, there)
    return there
  }

  /** An origin that no subgraph is behind any more: what is under way there goes on to its end, then its connections are gone. */
  #leave(origin: string): void {
    if ([...this.#doors.values()].some((door) => door.origin === origin)) return
    const left = this.#posters.get(origin)
    this.#posters.delete(origin)
    const leaving = (left?.close() ?? Promise.resolve()).finally(() => this.#leaving.delete(leaving))
    this.#leaving.add(leaving)
  }
}

import type { GraphQLSchema } from 'graphql'
import type { Engine } from '../engine.js'

/** The engine that serves now, and those that still end what they began. */
export class Engines {
  #now: Engine
  readonly #bySchema = new WeakMap<GraphQLSchema, Engine>()
  readonly #followers = new Set<(engine: Engine) => void>()

  constructor(first: Engine) {
    this.#now = first
    this.#bySchema.set(first.schema, first)
  }

  get now(): Engine {
    return this.#now
  }

  /** The engine whose schema this is: what was validated by one engine is answered by the same. */
  of(schema: GraphQLSchema): Engine {
    return this.#bySchema.get(schema) ?? this.#now
  }

  /** From here on new requests go to the new engine. */
  replace(engine: Engine): void {
    this.#bySchema.set(engine.schema, engine)
    this.#now = engine
    for (const follower of this.#followers) follower(engine)
  }

  /** Hears the engine of now at once, and each that follows. */
  follow(follower: (engine: Engine) => void): () => void {
    this.#followers.add(follower)
    follower(this.#now)
    return () => void this.#followers.delete(follower)
  }
}

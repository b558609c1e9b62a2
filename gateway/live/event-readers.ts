import type { Observer } from '../../platform/observe/observer.js'
import type { Engine, PlannedSubscription } from '../engine.js'
import { BoundedCache } from '../operation/bounded-cache.js'
import { eventReader, type EventReader } from './event-reader.js'
import type { Resume } from './live-question.js'

/** The readers of each engine's upstreams: groups that ask in the same words share one. */
export class EventReaders {
  readonly #observer: Observer
  readonly #byEngine = new WeakMap<Engine, BoundedCache<EventReader>>()

  constructor(observer: Observer) {
    this.#observer = observer
  }

  of(engine: Engine, planned: PlannedSubscription, resume: Resume | null): EventReader {
    let known = this.#byEngine.get(engine)
    if (known === undefined) {
      known = new BoundedCache('live.readers', { most: 1_000, mostKeyChars: 5_000_000 }, this.#observer)
      this.#byEngine.set(engine, known)
    }
    const key = `${resume?.cursor ?? ''} ${planned.upstream.query}`
    return known.get(key, () => eventReader(engine, planned, resume))
  }
}

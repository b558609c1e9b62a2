import { BoundedCache } from '../operation/bounded-cache.js'
import { LARGE_DOCUMENT } from '../operation/limits.js'
import { Deferrals } from '../operation/deferrals.js'
import type { Operation } from '../operation/read-operation.js'
import { RequestErrors } from '../operation/request-errors.js'
import type { Variables } from '../operation/read-variables.js'
import { prepareParts, type PreparedParts } from '../plan/prepare-parts.js'
import { introspection } from '../project/introspect.js'
import { PART_FORMS, type PartForm, type PartFormat } from '../project/part-forms.js'
import type { Introspected } from '../project/project.js'
import { shapeOf, type Shape } from '../project/shape.js'
import { BOUNDS, type AskedOperation, type Chosen, type Readier, type ReadierOptions } from './readier.js'

/** All that an operation needs that is answered in parts, made once for each format. */
export interface PreparedInParts {
  readonly plan: PreparedParts
  readonly form: PartForm
  readonly shape: Shape
  readonly introspect: ((variables: Variables) => Introspected) | null
}

/** A request that is answered in parts, read as far as its plan. */
export interface ReadyInParts {
  readonly operation: Operation
  readonly variables: Variables
  readonly prepared: PreparedInParts
}

/** What was made of an operation: nothing when it is answered whole after all. */
type Known = { readonly made: PreparedInParts | null } | RequestErrors

/** What the readier of whole answers is to answers in parts. An operation without `@defer` costs one look at it. */
export class PartsReadier {
  readonly #readier: Readier
  readonly #options: ReadierOptions
  readonly #prepared: BoundedCache<Known>

  constructor(readier: Readier, options: ReadierOptions) {
    this.#readier = readier
    this.#options = options
    this.#prepared = new BoundedCache('plans-in-parts', BOUNDS, options.observer)
  }

  /** What `Readier.foresee` is for whole answers. */
  foresee(request: AskedOperation, format: PartFormat): Promise<void> | null {
    const { aside } = this.#options
    if (aside === null || request.text.length < LARGE_DOCUMENT) return null
    const { defers, kind } = this.#readier.operation(request)
    if (!defers || kind === 'subscription') return this.#readier.foresee(request)
    const chosen = this.#readier.choose(request)
    if (this.#prepared.has(`${format} ${chosen.key}`)) return null
    return this.#readier.foreseen.plan(aside, { ...request, ...chosen, inParts: true })
  }

  /** Null for what is answered whole. Throws `RequestErrors` for what cannot be run. */
  ready(request: AskedOperation, format: PartFormat): ReadyInParts | null {
    const { defers, kind } = this.#readier.operation(request)
    if (!defers || kind === 'subscription') return null
    const chosen = this.#readier.choose(request)
    const prepared = this.#prepared.get(`${format} ${chosen.key}`, () => this.#madeOrRefused(chosen, format))
    if (prepared instanceof RequestErrors) throw prepared
    return prepared.made && { operation: chosen.operation, variables: chosen.variables, prepared: prepared.made }
  }

  #madeOrRefused(chosen: Chosen, format: PartFormat): Known {
    try {
      return { made: this.#made(chosen, format) }
    } catch (error) {
      if (error instanceof RequestErrors) return error
      throw error
    }
  }

  #made({ key, operation, switches, overrides, access }: Chosen, format: PartFormat): PreparedInParts | null {
    const { api } = this.#options.supergraph
    const deferrals = new Deferrals(switches)
    const asked = { operation, switches, overrides, denied: access.denied }
    const plan = prepareParts(api, this.#readier.foreseen.plannerFor(key), asked, deferrals, this.#readier.mostSteps)
    if (plan === null) return null
    const form = PART_FORMS[format]
    const parted = { deferrals, sharing: form.sharing }
    const shape = shapeOf(api, operation, switches, plan.names, { denied: access.denied, parted })
    const { name } = shape.type
    const later = shape.deferredFor(name)?.groups.flatMap(({ fields }) => fields) ?? []
    return {
      plan,
      form,
      shape,
      introspect: introspection(api, operation, [...(shape.fieldsFor(name) ?? []), ...later]),
    }
  }
}

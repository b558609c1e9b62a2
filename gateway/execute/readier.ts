import type { DocumentNode } from 'graphql'
import type { Observer } from '../../platform/observe/observer.js'
import type { Chance } from '../../platform/time/chance.js'
import { BoundedCache } from '../operation/bounded-cache.js'
import { partsOf, readDocument, type ReadDocument } from '../operation/read-document.js'
import { readOperation, type Operation } from '../operation/read-operation.js'
import { readVariables, type Variables } from '../operation/read-variables.js'
import { RequestErrors } from '../operation/request-errors.js'
import { switchKey, switchesOf, type Switches } from '../operation/switches.js'
import { chooseOverrides } from '../plan/overrides.js'
import type { Overrides, Planner } from '../plan/planner.js'
import { preparePlan, type PreparedPlan } from '../plan/prepare.js'
import type { CompiledWriter } from '../project/compiled.js'
import { introspection } from '../project/introspect.js'
import type { Introspected } from '../project/project.js'
import { shapeOf, type Shape } from '../project/shape.js'
import type { Supergraph } from '../supergraph/supergraph.js'

/** What of a request says which operation is to run. */
export interface AskedOperation {
  readonly text: string
  readonly parsed?: DocumentNode
  readonly operationName: string | null
  readonly variables: Readonly<Record<string, unknown>> | null
}

/** What requests are made ready with. */
export interface ReadierOptions {
  readonly supergraph: Supergraph
  readonly planner: Planner
  readonly observer: Observer
  readonly chance: Chance
  /** Labels of progressive overrides that hold. */
  readonly overrides: ReadonlySet<string>
  readonly mostTokens: number
  readonly mostSelections: number
}

/** All that an operation needs, made once for each combination of its switches and overrides. */
export interface Prepared {
  readonly plan: PreparedPlan
  readonly shape: Shape
  readonly introspect: ((variables: Variables) => Introspected) | null
  /** The fast form of writing; made when the operation comes a second time. */
  write: CompiledWriter | null
  times: number
}

/** A document that was read, or why it cannot be. */
interface KnownDocument {
  readonly read: ReadDocument | RequestErrors
  readonly operations: Map<string | null, Operation>
}

/** A request, read as far as its plan. */
export interface Ready {
  readonly operation: Operation
  readonly variables: Variables
  readonly prepared: Prepared
}

const BOUNDS = { most: 2_000, mostKeyChars: 4_000_000 } as const

/** text -> document -> operation -> plan and shape, each kept under its text: what comes again is only looked up. */
export class Readier {
  readonly #options: ReadierOptions
  readonly #supergraph: Supergraph
  readonly #documents: BoundedCache<KnownDocument>
  readonly #prepared: BoundedCache<Prepared | RequestErrors>

  constructor(options: ReadierOptions) {
    this.#options = options
    this.#supergraph = options.supergraph
    this.#documents = new BoundedCache('documents', BOUNDS, options.observer)
    this.#prepared = new BoundedCache('plans', BOUNDS, options.observer)
  }

  /** Throws `RequestErrors` for what cannot be run. */
  ready(request: AskedOperation): Ready {
    const operation = this.operation(request)
    const variables = readVariables(
      this.#supergraph.api,
      operation.definition.variableDefinitions ?? [],
      request.variables,
    )
    return { operation, variables, prepared: this.#prepare(request, operation, variables) }
  }

  /** The operation alone, for those who must know its kind first. */
  operation(request: AskedOperation): Operation {
    const known = this.#documents.get(request.text, () => ({ read: this.#read(request), operations: new Map() }))
    if (known.read instanceof RequestErrors) throw known.read
    let operation = known.operations.get(request.operationName)
    if (operation === undefined) {
      operation = readOperation(this.#supergraph.api, known.read, request.operationName, this.#options.mostSelections)
      known.operations.set(request.operationName, operation)
    }
    return operation
  }

  #read({ text, parsed }: AskedOperation): ReadDocument | RequestErrors {
    try {
      return parsed ? partsOf(parsed) : readDocument(this.#supergraph.api, text, this.#options.mostTokens)
    } catch (error) {
      if (error instanceof RequestErrors) return error
      throw error
    }
  }

  #prepare(request: AskedOperation, operation: Operation, variables: Variables): Prepared {
    const switches = switchesOf(operation, variables)
    const overrides = chooseOverrides(
      this.#supergraph.joins.overrideLabels,
      this.#options.overrides,
      this.#options.chance,
    )
    const key = `${switchKey(switches)} ${switchKey(overrides)} ${operation.name ?? ''} ${request.text}`
    // What cannot be planned is remembered too: it took the whole budget to find out.
    const prepared = this.#prepared.get(key, () => {
      try {
        return this.#made(operation, switches, overrides)
      } catch (error) {
        if (error instanceof RequestErrors) return error
        throw error
      }
    })
    if (prepared instanceof RequestErrors) throw prepared
    return prepared
  }

  #made(operation: Operation, switches: Switches, overrides: Overrides): Prepared {
    const { api } = this.#supergraph
    const plan = preparePlan(api, this.#options.planner, operation, switches, overrides)
    const shape = shapeOf(api, operation, switches, plan.names)
    const introspect = introspection(api, operation, shape.fieldsFor(shape.type.name) ?? [])
    return { plan, shape, introspect, write: null, times: 0 }
  }
}

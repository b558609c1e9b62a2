import { parse, type DocumentNode } from 'graphql'
import type { Observer } from '../../platform/observe/observer.js'
import type { Chance } from '../../platform/time/chance.js'
import type { Identity } from '../../schema/identity.js'
import type { FetchContext } from '../fetch/ask-subgraph.js'
import { BoundedCache } from '../operation/bounded-cache.js'
import { partsOf, readDocument, type ReadDocument } from '../operation/read-document.js'
import { readOperation, type Operation } from '../operation/read-operation.js'
import type { CheckCost } from '../operation/cost-limit.js'
import { LARGE_DOCUMENT } from '../operation/limits.js'
import { OPEN_ACCESS, type Access, type AccessOf } from '../operation/access.js'
import { emptyRecord, readVariables, type Variables } from '../operation/read-variables.js'
import { RequestErrors } from '../operation/request-errors.js'
import { switchKey, switchesOf, type Switches } from '../operation/switches.js'
import { chooseOverrides } from '../plan/overrides.js'
import { MOST_STEPS, MOST_STEPS_HERE, PlansLong, type Overrides, type PartingPlanner } from '../plan/planner.js'
import { preparePlan, type PreparedPlan } from '../plan/prepare.js'
import type { Aside } from '../aside/aside.js'
import { Foreseen } from '../aside/foreseen.js'
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
  readonly context: FetchContext
}

/** As much as says which operation is meant. */
type NamedOperation = Pick<AskedOperation, 'text' | 'parsed' | 'operationName'>

/** What requests are made ready with. */
export interface ReadierOptions {
  readonly supergraph: Supergraph
  readonly planner: PartingPlanner
  /** Where large documents are planned; null when all are planned here. */
  readonly aside: Aside | null
  readonly observer: Observer
  readonly chance: Chance
  /** Labels of progressive overrides that hold. */
  readonly overrides: ReadonlySet<string>
  /** Null when operations may cost what they will. */
  readonly checkCost: CheckCost | null
  /** Null when nothing is protected here. */
  readonly access: AccessOf | null
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
  /** Characters of its largest answer so far; null before the first. */
  bytes: number | null
  readonly occasion: Occasion
}

/** What a plan was made for: enough to make one under another supergraph. */
export interface Occasion {
  readonly text: string
  readonly operationName: string | null
  readonly switches: Switches
  readonly who: Identity
}

/** A document that was read, or why it cannot be. */
interface KnownDocument {
  readonly read: ReadDocument | RequestErrors
  readonly operations: Map<string | null, Operation>
}

/** A request, read as far as the choice of its plan. */
export interface Chosen {
  readonly operation: Operation
  readonly variables: Variables
  readonly access: Access
  readonly switches: Switches
  readonly overrides: Overrides
  /** Equal for all requests that one plan serves. */
  readonly key: string
}

/** A request, read as far as its plan. */
export interface Ready extends Chosen {
  readonly prepared: Prepared
}

/** How much is kept of what was made ready. A parsed document takes some hundred bytes for each of its characters, so they are what is bounded. */
export const BOUNDS = { most: 2_000, mostKeyChars: 1_000_000 } as const

/** text -> document -> operation -> plan and shape, each kept under its text: what comes again is only looked up. */
export class Readier {
  readonly #options: ReadierOptions
  readonly #supergraph: Supergraph
  readonly #documents: BoundedCache<KnownDocument>
  readonly #prepared: BoundedCache<Prepared | RequestErrors>
  /** What was planned aside, also for answers in parts. */
  readonly foreseen: Foreseen
  /** The steps that a plan may take here. */
  readonly mostSteps: number

  constructor(options: ReadierOptions) {
    this.#options = options
    this.#supergraph = options.supergraph
    this.#documents = new BoundedCache('documents', BOUNDS, options.observer)
    this.#prepared = new BoundedCache('plans', BOUNDS, options.observer)
    this.foreseen = new Foreseen(options.planner)
    this.mostSteps = options.aside === null ? MOST_STEPS : MOST_STEPS_HERE
  }

  /** Plans a large document aside, so that `ready` finds its plan; null when there is nothing to wait for. */
  foresee(request: AskedOperation): Promise<void> | null {
    const { aside } = this.#options
    if (aside === null || request.text.length < LARGE_DOCUMENT) return null
    const chosen = this.choose(request)
    return this.#prepared.has(chosen.key) ? null : this.foreseen.plan(aside, { ...request, ...chosen, inParts: false })
  }

  /** Whether the request would be planned here and now, though it is large. */
  isUnforeseen(request: AskedOperation): boolean {
    if (this.#options.aside === null || request.text.length < LARGE_DOCUMENT) return false
    return !this.#prepared.has(this.choose(request).key)
  }

  /** Plans aside what is short and yet takes many steps. Rejects with a `Failure` when there is no room or no time for it. */
  async planAside(request: AskedOperation): Promise<void> {
    const { aside, observer } = this.#options
    if (aside === null) return
    observer.count('plan.aside')
    await this.foreseen.plan(aside, { ...request, ...this.choose(request), inParts: false })
  }

  /** Throws `RequestErrors` for what cannot be run, and `PlansLong` for what takes more steps than `mostSteps` here. */
  ready(request: AskedOperation, mostSteps = this.mostSteps): Ready {
    const chosen = this.choose(request)
    return { ...chosen, prepared: this.#prepare(chosen, () => occasionOf(request, chosen), mostSteps) }
  }

  /** The same without a plan. */
  choose(request: AskedOperation): Chosen {
    const operation = this.operation(request)
    const variables = readVariables(
      this.#supergraph.api,
      operation.definition.variableDefinitions ?? [],
      request.variables,
    )
    this.#options.checkCost?.(operation, variables)
    const { text, context } = request
    return this.#chosen(operation, variables, { text, switches: switchesOf(operation, variables), who: context.who })
  }

  /** What was asked most often, the most used first. */
  mostUsed(most: number): readonly Occasion[] {
    return [...this.#prepared.values()]
      .flatMap((one) => (one instanceof RequestErrors ? [] : one))
      .sort((one, other) => other.times - one.times)
      .slice(0, most)
      .map(({ occasion }) => occasion)
  }

  /** Makes a plan that nobody has asked for yet, of a large document aside. False, or `RequestErrors`, for what cannot be run here; a `Failure` when there is no room or no time. */
  async warm(occasion: Occasion): Promise<boolean> {
    const { aside, mostTokens: maxTokens } = this.#options
    const { text } = occasion
    if (aside === null || text.length < LARGE_DOCUMENT) {
      const chosen = this.#chosen(this.operation(occasion), emptyRecord(), occasion)
      try {
        this.#prepare(chosen, () => occasion)
      } catch (error) {
        if (!(error instanceof PlansLong) || aside === null) throw error
        await this.foreseen.plan(aside, { ...occasion, ...chosen, inParts: false })
        this.#prepare(chosen, () => occasion)
      }
      return true
    }
    if ((await aside.read(text)).length > 0) return false
    const chosen = this.#chosen(
      this.operation({ ...occasion, parsed: parse(text, { maxTokens }) }),
      emptyRecord(),
      occasion,
    )
    await this.foreseen.plan(aside, { ...occasion, ...chosen, inParts: false })
    this.#prepare(chosen, () => occasion)
    return true
  }

  #chosen(
    operation: Operation,
    variables: Variables,
    { text, switches, who }: Pick<Occasion, 'text' | 'switches' | 'who'>,
  ): Chosen {
    const access = this.#options.access?.(operation, who) ?? OPEN_ACCESS
    const overrides = chooseOverrides(
      this.#supergraph.joins.overrideLabels,
      this.#options.overrides,
      this.#options.chance,
    )
    const key = `${switchKey(switches)} ${switchKey(overrides)} ${access.key} ${operation.name ?? ''} ${text}`
    return { operation, variables, access, switches, overrides, key }
  }

  /** The operation alone, for those who must know its kind first. */
  operation(request: NamedOperation): Operation {
    const known = this.#documents.get(request.text, () => ({ read: this.#read(request), operations: new Map() }))
    if (known.read instanceof RequestErrors) throw known.read
    let operation = known.operations.get(request.operationName)
    if (operation === undefined) {
      operation = readOperation(this.#supergraph.api, known.read, request.operationName, this.#options.mostSelections)
      known.operations.set(request.operationName, operation)
    }
    return operation
  }

  #read({ text, parsed }: NamedOperation): ReadDocument | RequestErrors {
    try {
      return parsed ? partsOf(parsed) : readDocument(this.#supergraph.api, text, this.#options.mostTokens)
    } catch (error) {
      if (error instanceof RequestErrors) return error
      throw error
    }
  }

  #prepare(chosen: Chosen, occasion: () => Occasion, mostSteps = this.mostSteps): Prepared {
    // What cannot be planned is remembered too: it took the whole budget to find out.
    const prepared = this.#prepared.get(chosen.key, () => {
      try {
        return this.#made(chosen, occasion(), mostSteps)
      } catch (error) {
        if (error instanceof RequestErrors) return error
        throw error
      }
    })
    if (prepared instanceof RequestErrors) throw prepared
    return prepared
  }

  #made(
    { key, operation, switches, overrides, access: { denied } }: Chosen,
    occasion: Occasion,
    mostSteps: number,
  ): Prepared {
    const { api } = this.#supergraph
    const plan = preparePlan(api, this.foreseen.plannerFor(key), operation, switches, overrides, denied, mostSteps)
    const shape = shapeOf(api, operation, switches, plan.names, { denied, parted: null })
    const introspect = introspection(api, operation, shape.fieldsFor(shape.type.name) ?? [])
    return { plan, shape, introspect, write: null, times: 0, bytes: null, occasion }
  }
}

function occasionOf({ text, operationName, context }: AskedOperation, { switches }: Chosen): Occasion {
  return { text, operationName, switches, who: context.who }
}

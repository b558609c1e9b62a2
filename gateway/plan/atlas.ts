import type { SubgraphType, SubgraphTypes } from '../supergraph/subgraph-types.js'
import type { Supergraph } from '../supergraph/supergraph.js'
import { isInKey, isMandatory } from './mandatory.js'

/** A field that one subgraph took over from another. */
export interface TakenOver {
  readonly from: string
  readonly label: string | null
}

/** What every plan on one supergraph looks up about its subgraphs; found once (bench/planning.mjs). */
export class Atlas {
  readonly supergraph: Supergraph
  readonly #types = new Map<SubgraphTypes, Map<string, SubgraphType | null>>()
  readonly #knowing = new Map<string, readonly SubgraphTypes[]>()
  readonly #takenOver = new Map<string, TakenOver[]>()
  readonly #mandatory = new Set<string>()

  constructor(supergraph: Supergraph) {
    this.supergraph = supergraph
    for (const subgraph of supergraph.subgraphTypes) {
      this.#types.set(subgraph, new Map())
      for (const type of subgraph.types.values())
        for (const { name, override, ...field } of type.fields.values()) {
          if (isMandatory(field) && !isInKey(type, name)) this.#mandatory.add(name)
          if (override === null) continue
          const key = `${type.name}.${name}`
          this.#takenOver.set(key, [...(this.#takenOver.get(key) ?? []), override])
        }
    }
  }

  /** How a subgraph calls objects of a type: by its name, or by an interface that it knows as an object. */
  typeIn(subgraph: SubgraphTypes, name: string): SubgraphType | null {
    const known = this.#types.get(subgraph)
    const type = known?.get(name)
    if (type !== undefined) return type
    const found = this.#findType(subgraph, name)
    known?.set(name, found)
    return found
  }

  #findType(subgraph: SubgraphTypes, name: string): SubgraphType | null {
    const own = subgraph.types.get(name)
    if (own) return own
    for (const type of subgraph.types.values())
      if (type.isInterfaceObject && this.supergraph.isA(name, type.name)) return type
    return null
  }

  /** The subgraphs that know objects of a type. */
  knowing(name: string): readonly SubgraphTypes[] {
    let knowing = this.#knowing.get(name)
    if (knowing === undefined) {
      knowing = this.supergraph.subgraphTypes.filter((subgraph) => this.typeIn(subgraph, name) !== null)
      this.#knowing.set(name, knowing)
    }
    return knowing
  }

  /** Is there a field of that name that must be there, and is in no key? */
  readonly mayHarm = (fieldName: string): boolean => this.#mandatory.has(fieldName)

  takenOver(type: string, field: string): readonly TakenOver[] {
    return this.#takenOver.get(`${type}.${field}`) ?? NOTHING
  }
}

const NOTHING: readonly TakenOver[] = []

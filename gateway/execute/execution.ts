import type { Observer } from '../../platform/observe/observer.js'
import type { FetchContext, Subgraphs } from '../fetch/ask-subgraph.js'
import type { Telling } from '../merge/read-answer.js'
import type { Tree } from '../merge/tree.js'
import type { Variables } from '../operation/read-variables.js'
import type { Supergraph } from '../supergraph/supergraph.js'
import type { JointDocuments } from './joint-documents.js'

/** What is the same for every request to one supergraph. */
export interface Surroundings {
  readonly supergraph: Supergraph
  readonly subgraphs: Subgraphs
  readonly observer: Observer
  readonly telling: Telling
  readonly jointDocuments: JointDocuments
}

/** One request on its way through a plan. */
export interface Execution {
  readonly surroundings: Surroundings
  readonly tree: Tree
  readonly variables: Variables
  readonly context: FetchContext
}

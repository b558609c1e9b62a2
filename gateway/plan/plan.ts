/** A plan of ours: what any planner's plan is translated to, and what `execute` walks. */
export type PlanNode = SequenceNode | ParallelNode | GraphNode | FetchNode | ConditionNode

/** A whole operation. A subscription has `primary`, and `root` is what each of its events still needs. */
export interface Plan {
  readonly root: PlanNode | null
  readonly primary: FetchNode | null
}

/** One after the other. */
export interface SequenceNode {
  readonly kind: 'sequence'
  readonly nodes: readonly PlanNode[]
}

/** All at once. */
export interface ParallelNode {
  readonly kind: 'parallel'
  readonly nodes: readonly PlanNode[]
}

/** Each fetch as soon as those that it needs have ended; they stand before it. */
export interface GraphNode {
  readonly kind: 'graph'
  readonly steps: readonly { readonly fetch: FetchNode; readonly after: readonly number[] }[]
}

/** A plan of an answer in parts: `first` brings the whole of the first part, or its steps are among the others. */
export interface PartedPlan {
  readonly first: PlanNode | null
  readonly steps: readonly PartStep[]
}

/** A fetch for one part of the answer. */
export interface PartStep {
  readonly fetch: FetchNode
  /** The steps that it needs; they stand before it. */
  readonly after: readonly number[]
  readonly part: number
  /** Whether the first part must have been told before. */
  readonly waits: boolean
}

/** By the value of a boolean variable. */
export interface ConditionNode {
  readonly kind: 'condition'
  readonly variable: string
  readonly then: PlanNode | null
  readonly otherwise: PlanNode | null
}

/** One question to one subgraph, for all objects that stand at `path`. */
export interface FetchNode {
  readonly kind: 'fetch'
  readonly subgraph: string
  readonly operationKind: 'query' | 'mutation' | 'subscription'
  readonly operationName: string | null
  readonly query: string
  /** The variables of the client's operation that the question uses. */
  readonly variables: readonly string[]
  /** From the root of the tree to the objects that the answer belongs to. */
  readonly path: readonly PathStep[]
  /** What is sent of each object; null when the question is about the root. */
  readonly requires: readonly Requirement[] | null
  /** What the subgraph sets out to answer, on the root or on each object. */
  readonly brings: readonly Brought[]
  /** Where the answer bears another name than the tree. */
  readonly renames: readonly Rename[]
  /** Names under which a requirement is sent, where they are not those of the tree. */
  readonly contexts: readonly ContextInput[]
  /** The question about entities in pieces, so that several can travel in one document; null where it cannot. */
  readonly pieces: EntityPieces | null
}

/** A question about entities without its name and without what brings the representations. */
export interface EntityPieces {
  /** Variables besides the representations, as they are declared. */
  readonly declared: readonly string[]
  /** The selection on the entities, in its braces. */
  readonly selection: string
}

/** `field` goes into a field, `each` into the items of a list, `only` stays with objects of these types. */
export type PathStep =
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'each' }
  | { readonly kind: 'only'; readonly types: readonly string[] }

/** A part of a representation. */
export type Requirement =
  | {
      readonly kind: 'field'
      /** Its key in the tree. */
      readonly name: string
      /** Its key in the representation. */
      readonly as: string
      readonly below: readonly Requirement[] | null
    }
  | {
      readonly kind: 'on'
      readonly type: string
      /** What `__typename` is sent as; null for the object's own. */
      readonly typename: string | null
      readonly below: readonly Requirement[]
    }

/** A field of a fetch's selection: for an object of `type` (null: for all) the answer has `key`. */
export interface Brought {
  readonly type: string | null
  readonly key: string
  /** What is brought of the objects that it leads to. */
  readonly below: readonly Brought[]
}

/** Under `path` (steps `field` and `only`) of the answer, `from` is called `to`. */
export interface Rename {
  readonly path: readonly PathStep[]
  readonly from: string
  readonly to: string
}

/** A variable filled from around the object: `up` levels of objects above it, then down `path`. */
export interface ContextInput {
  readonly variable: string
  readonly up: number
  readonly path: readonly PathStep[]
}

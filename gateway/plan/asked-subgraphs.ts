import type { Plan, PlanNode } from './plan.js'

const known = new WeakMap<Plan, readonly string[]>()

/** Every subgraph that a plan may ask, each once. */
export function askedSubgraphs(plan: Plan): readonly string[] {
  let asked = known.get(plan)
  if (asked === undefined) known.set(plan, (asked = gathered(plan)))
  return asked
}

function gathered({ primary, root }: Plan): readonly string[] {
  const asked = new Set(primary === null ? [] : [primary.subgraph])
  if (root !== null) gather(root, asked)
  return [...asked]
}

function gather(node: PlanNode, asked: Set<string>): void {
  switch (node.kind) {
    case 'fetch':
      asked.add(node.subgraph)
      return
    case 'sequence':
    case 'parallel':
      for (const inner of node.nodes) gather(inner, asked)
      return
    case 'graph':
      for (const { fetch } of node.steps) asked.add(fetch.subgraph)
      return
    case 'condition':
      for (const inner of [node.then, node.otherwise]) if (inner !== null) gather(inner, asked)
  }
}

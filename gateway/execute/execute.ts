import type { PlanNode } from '../plan/plan.js'
import type { Execution } from './execution.js'
import { runFetch } from './run-fetch.js'
import { runGraph } from './run-graph.js'

/** Walks a plan and fills the tree. Never rejects: what fails is noted in the tree. Nothing is waited for that is not a promise. */
export function execute(node: PlanNode, execution: Execution): Promise<void> | undefined {
  switch (node.kind) {
    case 'fetch':
      return runFetch(node, execution)
    case 'sequence':
      return inTurn(node.nodes, 0, execution)
    case 'parallel':
      return atOnce(node.nodes, execution)
    case 'graph':
      return runGraph(node, execution)
    case 'condition': {
      const chosen = execution.variables[node.variable] === true ? node.then : node.otherwise
      return chosen === null ? undefined : execute(chosen, execution)
    }
  }
}

function inTurn(nodes: readonly PlanNode[], from: number, execution: Execution): Promise<void> | undefined {
  for (let at = from; at < nodes.length; at++) {
    const node = nodes[at]
    const running = node && execute(node, execution)
    if (running) return running.then(() => inTurn(nodes, at + 1, execution))
  }
  return undefined
}

function atOnce(nodes: readonly PlanNode[], execution: Execution): Promise<void> | undefined {
  const running: Promise<void>[] = []
  for (const node of nodes) {
    const one = execute(node, execution)
    if (one) running.push(one)
  }
  if (running.length < 2) return running[0]
  return Promise.all(running).then(() => undefined)
}

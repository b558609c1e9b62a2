import { readDocument } from '../../gateway/operation/read-document.js'
import { readOperation } from '../../gateway/operation/read-operation.js'
import type { PlanNode } from '../../gateway/plan/plan.js'
import type { Planner } from '../../gateway/plan/planner.js'
import { preparePlan } from '../../gateway/plan/prepare.js'
import type { Supergraph } from '../../gateway/supergraph/supergraph.js'

/** What a plan costs: how many fetches it has, and how many of them wait for one another at most. */
export interface Cost {
  readonly fetches: number
  readonly depth: number
}

/** What an operation costs by a planner, with all its switches on. */
export function costOf(supergraph: Supergraph, planner: Planner, query: string): Cost {
  const operation = readOperation(supergraph.api, readDocument(supergraph.api, query, MOST), null, MOST)
  const switches = new Map(operation.switches.map((name) => [name, true]))
  const { root, primary } = preparePlan(supergraph.api, planner, operation, switches, new Map(), null)
  const upstream = primary === null ? 0 : 1
  return { fetches: fetchesOf(root) + upstream, depth: depthOf(root) + upstream }
}

const MOST = 1_000_000

function fetchesOf(node: PlanNode | null): number {
  if (node === null) return 0
  switch (node.kind) {
    case 'fetch':
      return 1
    case 'graph':
      return node.steps.length
    case 'condition':
      return fetchesOf(node.then) + fetchesOf(node.otherwise)
    case 'sequence':
    case 'parallel':
      return node.nodes.reduce((sum, one) => sum + fetchesOf(one), 0)
  }
}

function depthOf(node: PlanNode | null): number {
  if (node === null) return 0
  switch (node.kind) {
    case 'fetch':
      return 1
    case 'graph': {
      const depths: number[] = []
      for (const { after } of node.steps) depths.push(1 + Math.max(0, ...after.map((at) => depths[at] ?? 0)))
      return Math.max(...depths)
    }
    case 'condition':
      return Math.max(depthOf(node.then), depthOf(node.otherwise))
    case 'sequence':
      return node.nodes.reduce((sum, one) => sum + depthOf(one), 0)
    case 'parallel':
      return Math.max(0, ...node.nodes.map(depthOf))
  }
}

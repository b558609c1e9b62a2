import type { GraphQLSchema } from 'graphql'
import type { Observer } from '../../platform/observe/observer.js'
import type { CostRules } from '../supergraph/cost-rules.js'
import { costBy } from './cost.js'
import type { Operation } from './read-operation.js'
import type { Variables } from './read-variables.js'
import { requestError } from './request-errors.js'

/** What is done with an operation that costs too much. */
export const COST_MODES = ['enforce', 'measure'] as const

/** The bound of what an operation may cost by estimate. */
export interface CostSettings {
  /** 0 is without bound, and nothing is weighed. */
  readonly cost: number
  /** `enforce` refuses what costs more, `measure` only counts it. */
  readonly costMode: (typeof COST_MODES)[number]
  /** How many items a list is taken for when nothing says it. */
  readonly listSize: number
}

/** Refuses an operation that costs too much; counts every one that it weighs. */
export type CheckCost = (operation: Operation, variables: Variables) => void

/** Null when there is no bound. */
export function costLimit(
  { cost: most, costMode, listSize }: CostSettings,
  schema: GraphQLSchema,
  rules: CostRules,
  observer: Observer,
): CheckCost | null {
  if (most === 0) return null
  const costOf = costBy(schema, rules, listSize)
  return (operation, variables) => {
    const { estimated, unsliced } = costOf(operation, variables)
    const result = unsliced.length > 0 ? 'unsliced' : estimated > most ? 'over' : 'within'
    observer.count('cost.estimated', { kind: operation.kind }, estimated)
    observer.count('cost.weighed', { kind: operation.kind, result })
    if (costMode === 'measure') return
    if (result === 'over')
      throw requestError('LIMIT_EXCEEDED', `The operation costs ${estimated} by estimate, and ${most} is allowed.`)
    if (result === 'unsliced')
      throw requestError(
        'LIMIT_EXCEEDED',
        `${unsliced.join(', ')}: exactly one argument has to say how many are asked for.`,
      )
  }
}

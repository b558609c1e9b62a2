import type { FetchNode, GraphNode } from './plan.js'

/** When the fetches of a graph start: each once all that it waits for have ended. */
export interface Schedule {
  readonly steps: readonly ScheduledStep[]
}

export interface ScheduledStep {
  readonly fetch: FetchNode
  /** How many others it waits for. */
  readonly waits: number
  /** Those who wait for it. */
  readonly next: readonly number[]
}

/** In a larger graph nobody waits for company: looking for it would take longer than it saves. */
const MOST_LOOKED_THROUGH = 200

/**
 * A fetch for which nobody waits may wait itself, so that it travels with a later one to the same subgraph: the whole answer is
 * there no later, since that one has to be waited for anyway, and a question less is asked. It goes only with one that starts after
 * all that it needs itself.
 */
export function scheduleOf({ steps }: GraphNode): Schedule {
  const after = steps.length > MOST_LOOKED_THROUGH ? steps.map((step) => step.after) : accompanied(steps)
  const next: number[][] = steps.map(() => [])
  after.forEach((needed, at) => {
    for (const one of needed) next[one]?.push(at)
  })
  return {
    steps: steps.map(({ fetch }, at) => ({ fetch, waits: after[at]?.length ?? 0, next: next[at] ?? [] })),
  }
}

/** Can the question travel in one document with others? */
export function canTravel({ pieces, contexts }: FetchNode): boolean {
  return pieces !== null && contexts.length === 0
}

type Steps = GraphNode['steps']

function accompanied(steps: Steps): readonly (readonly number[])[] {
  const before = ancestors(steps)
  const levels = levelsOf(steps)
  const needed = new Set(steps.flatMap((step) => step.after))
  const after = steps.map((step) => step.after)
  const level = (at: number): number => levels[at] ?? 0
  const order = steps.map((_, at) => at).sort((a, b) => level(b) - level(a)) // whom one goes with has found his own company before
  for (const at of order) {
    if (needed.has(at)) continue
    const company = companyOf(at, steps, before)
      .filter((one) => level(one) > level(at))
      .sort((a, b) => level(a) - level(b))[0]
    if (company !== undefined) after[at] = after[company] ?? []
  }
  return after
}

/** Fetches to the same subgraph that cannot start before this one can. */
function companyOf(at: number, steps: Steps, before: readonly ReadonlySet<number>[]): number[] {
  const own = steps[at]
  if (own === undefined || !canTravel(own.fetch)) return []
  return steps.flatMap(({ fetch }, other) =>
    other !== at &&
    fetch.subgraph === own.fetch.subgraph &&
    canTravel(fetch) &&
    own.after.every((one) => before[other]?.has(one))
      ? other
      : [],
  )
}

/** All that each step waits for, also through others. */
function ancestors(steps: Steps): readonly ReadonlySet<number>[] {
  const all: Set<number>[] = []
  for (const { after } of steps) {
    const own = new Set(after)
    for (const one of after) for (const further of all[one] ?? []) own.add(further)
    all.push(own)
  }
  return all
}

function levelsOf(steps: Steps): readonly number[] {
  const levels: number[] = []
  for (const { after } of steps) levels.push(Math.max(0, ...after.map((one) => (levels[one] ?? 0) + 1)))
  return levels
}

import type { FetchNode, GraphNode } from '../plan/plan.js'
import { canTravel, scheduleOf, type Schedule } from '../plan/schedule.js'
import type { Execution } from './execution.js'
import { runTogether } from './joint-fetch.js'
import { runFetch } from './run-fetch.js'

const schedules = new WeakMap<GraphNode, Schedule>()

/** Each fetch starts when its own inputs are there, not when its level is; those that start together to one subgraph travel together. */
export function runGraph(node: GraphNode, execution: Execution): Promise<void> | undefined {
  let schedule = schedules.get(node)
  if (schedule === undefined) schedules.set(node, (schedule = scheduleOf(node)))
  return new GraphRun(schedule, execution).start()
}

/** One walk through a graph of fetches. */
class GraphRun {
  readonly #steps: Schedule['steps']
  readonly #execution: Execution
  readonly #waits: number[]
  #ready: number[] = []
  #running = 0
  #isDue = false
  #ended: (() => void) | null = null
  #failed: ((error: unknown) => void) | null = null

  constructor({ steps }: Schedule, execution: Execution) {
    this.#steps = steps
    this.#execution = execution
    this.#waits = steps.map(({ waits }) => waits)
    steps.forEach(({ waits }, at) => {
      if (waits === 0) this.#ready.push(at)
    })
  }

  /** Nothing is waited for that is not a promise. */
  start(): Promise<void> | undefined {
    this.#launch()
    if (this.#running === 0) return undefined
    return new Promise((ended, failed) => {
      this.#ended = ended
      this.#failed = failed
    })
  }

  #launch(): void {
    while (this.#ready.length > 0) {
      const ready = this.#ready
      this.#ready = []
      for (const together of companies(ready, this.#steps)) this.#run(together)
    }
  }

  #run(together: readonly number[]): void {
    const fetches = together.flatMap((at) => this.#steps[at]?.fetch ?? [])
    const running = fetchesOf(fetches, this.#execution)
    if (running === undefined) {
      this.#over(together)
      return
    }
    this.#running++
    running.then(
      () => {
        this.#running--
        this.#over(together)
        this.#goOn()
      },
      (error: unknown) => this.#failed?.(error),
    )
  }

  #over(steps: readonly number[]): void {
    for (const at of steps)
      for (const next of this.#steps[at]?.next ?? []) {
        const waits = (this.#waits[next] ?? 0) - 1
        this.#waits[next] = waits
        if (waits === 0) this.#ready.push(next)
      }
  }

  /** While others are on their way, what is ready waits for the answers that have already come in: they may bring company. */
  #goOn(): void {
    if (this.#ready.length === 0 || this.#running === 0) this.#settle()
    else if (!this.#isDue) {
      this.#isDue = true
      setImmediate(() => {
        this.#isDue = false
        this.#settle()
      })
    }
  }

  #settle(): void {
    try {
      this.#launch()
    } catch (error) {
      this.#failed?.(error)
      return
    }
    if (this.#running === 0) this.#ended?.()
  }
}

function fetchesOf(fetches: readonly FetchNode[], execution: Execution): Promise<void> | undefined {
  const [first, second] = fetches
  if (first === undefined) return undefined
  return second === undefined ? runFetch(first, execution) : runTogether(fetches, execution)
}

/** Steps that can travel in one document, each such company and each other step by itself. */
function companies(ready: readonly number[], steps: Schedule['steps']): readonly (readonly number[])[] {
  if (ready.length < 2) return [ready]
  const bySubgraph = new Map<string, number[]>()
  const all: number[][] = []
  for (const at of ready) {
    const fetch = steps[at]?.fetch
    const known = fetch && canTravel(fetch) ? bySubgraph.get(fetch.subgraph) : undefined
    if (known !== undefined) {
      known.push(at)
      continue
    }
    const own = [at]
    all.push(own)
    if (fetch && canTravel(fetch)) bySubgraph.set(fetch.subgraph, own)
  }
  return all
}

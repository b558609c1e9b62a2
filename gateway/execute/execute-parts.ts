import type { PartedPlan, PartStep } from '../plan/plan.js'
import type { Execution } from './execution.js'
import { execute } from './execute.js'
import { runFetch } from './run-fetch.js'

/** An execution whose parts come one by one. Nothing of it rejects: a fault of ours is handed to whoever waits for its part. */
export interface RunningParts {
  /** All of the first part is in the tree. */
  readonly first: Promise<void>
  /** The first part is told: what had to wait for that begins. */
  release(): void
  /** All of these parts is in the tree; asked for once the first is. */
  parts(numbers: readonly number[]): Promise<void>
}

/** Runs the plans of one operation: each after the first part of the one before. Who has left has nothing more asked for him. */
export function executeParts(plans: readonly PartedPlan[], execution: Execution): RunningParts {
  const gate = openable()
  const running: Running[] = []
  const first = (async () => {
    for (const plan of plans) {
      if (plan.first !== null) await execute(plan.first, execution)
      const steps = startSteps(plan.steps, execution, { gate: gate.opened, mayBeginEarly: plans.length === 1 })
      running.push(...steps)
      await Promise.all(steps.flatMap(({ part, ended }) => (part === 0 ? ended : [])))
    }
  })()
  return {
    first,
    release: () => gate.open(),
    async parts(numbers) {
      await Promise.all(running.flatMap(({ part, ended }) => (numbers.includes(part) ? ended : [])))
    },
  }
}

interface Running {
  readonly part: number
  readonly ended: Promise<void>
}

/** Each step as soon as those that it needs have ended. */
function startSteps(
  steps: readonly PartStep[],
  execution: Execution,
  { gate, mayBeginEarly }: { readonly gate: Promise<void>; readonly mayBeginEarly: boolean },
): readonly Running[] {
  const running: Running[] = []
  for (const step of steps) {
    const needed = step.after.flatMap((at) => running[at]?.ended ?? [])
    if (step.waits || (step.part > 0 && !mayBeginEarly)) needed.push(gate)
    const ended = needed.length === 0 ? begin(step, execution) : Promise.all(needed).then(() => begin(step, execution))
    ended.catch(() => undefined) // whoever waits for the part is told; nobody may, when the client has left
    running.push({ part: step.part, ended })
  }
  return running
}

async function begin({ fetch, part }: PartStep, execution: Execution): Promise<void> {
  if (part > 0 && execution.context.signal?.aborted === true) return
  await runFetch(fetch, execution)
}

function openable(): { readonly opened: Promise<void>; open(): void } {
  let open = (): void => undefined
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { opened, open: () => open() }
}

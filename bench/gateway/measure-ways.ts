/** One way to do a thing, and what it gives. */
export type Way = () => unknown

/** How long each way is tried in each round. */
export interface Trial {
  readonly ms: number
  readonly rounds: number
}

/**
 * CPU µs for one time, of each way in each round. The ways take turns, so that a machine that grows slower does so for all; a first
 * round, four times as long, warms them: the compiler has a thread of its own, and waits for a busy machine.
 */
export async function measureWays(
  ways: readonly Way[],
  { ms, rounds }: Trial,
): Promise<readonly (readonly number[])[]> {
  const micros: number[][] = ways.map(() => [])
  for (let round = 0; round <= rounds; round++)
    for (const [at, way] of ways.entries()) {
      const spent = await microsOf(way, round === 0 ? 4 * ms : ms)
      if (round > 0) micros[at]?.push(spent)
    }
  return micros
}

/** How often the clock is not looked at. */
const AT_A_TIME = 8
/** What was given last, so that nothing is made for nobody. */
let given: unknown = null

async function microsOf(way: Way, ms: number): Promise<number> {
  const [until, before] = [performance.now() + ms, process.cpuUsage()]
  let times = 0
  while (performance.now() < until) {
    for (let at = 0; at < AT_A_TIME; at++) {
      given = way()
      if (given instanceof Promise) await given
    }
    times += AT_A_TIME
  }
  const { user, system } = process.cpuUsage(before)
  return (user + system) / times
}

/** The one in the middle. */
export function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.trunc(values.length / 2)] ?? NaN
}

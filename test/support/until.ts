/** Waits until something holds, looking again and again; fails with the last reason after fifteen seconds. */
export async function until(holds: () => boolean | Promise<boolean>, what = 'what the test waits for'): Promise<void> {
  const last = performance.now() + 15_000
  while (!(await holds())) {
    if (performance.now() > last) throw new Error(`${what} did not come about within fifteen seconds`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** Waits until something holds, looking again and again; fails with the last reason after forty-five seconds. */
export async function until(holds: () => boolean | Promise<boolean>, what = 'what the test waits for'): Promise<void> {
  const last = performance.now() + 45_000
  while (!(await holds())) {
    if (performance.now() > last) throw new Error(`${what} did not come about within forty-five seconds`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

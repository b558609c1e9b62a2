import { performance } from 'node:perf_hooks'

/** Tells, each time it is asked, for which share of the time since it was asked last the event loop had work: 0 to 1. */
export function loopShare(): () => number {
  let last = performance.eventLoopUtilization()
  return () => {
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, last)
    last = now
    return utilization
  }
}

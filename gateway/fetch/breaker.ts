import { Failure } from '../../platform/failure.js'
import type { Observer } from '../../platform/observe/observer.js'
import type { Clock } from '../../platform/time/clock.js'
import { ABANDONED } from './ask-subgraph.js'
import { unavailable } from './read-answer.js'
import type { Ask } from './time-limit.js'

/** When a host of subgraphs is left alone, and when it is tried again. */
export interface BreakerSettings {
  /** Failures within the window that open the breaker; 0 switches it off. */
  readonly failures: number
  readonly windowMs: number
  /** How long nobody asks. */
  readonly restMs: number
  /** Good answers in a row, one question at a time, before everybody may ask again. */
  readonly probes: number
}

type State =
  | { readonly is: 'closed' }
  | { readonly is: 'open'; readonly until: number }
  | { readonly is: 'half-open'; good: number; probing: boolean }

interface Circuit {
  state: State
  failedAt: number[]
}

/** Of hosts that went with an old supergraph nobody asks any more: those asked longest ago are forgotten. */
const MOST_CIRCUITS = 1_000

/**
 * A host that keeps failing is not asked for a while: the fields of its subgraphs fail at once instead of at their time-outs, and it can
 * come to itself. In this process each subgraph stands for itself.
 */
export function breaker(
  ask: Ask,
  settings: BreakerSettings,
  { hostOf, clock, observer }: { hostOf: (subgraph: string) => string | null; clock: Clock; observer: Observer },
): Ask {
  const circuits = new Map<string, Circuit>()
  if (settings.failures === 0) return ask

  function circuitOf(subgraph: string): Circuit {
    const host = hostOf(subgraph) ?? subgraph
    const circuit: Circuit = circuits.get(host) ?? { state: { is: 'closed' }, failedAt: [] }
    circuits.delete(host)
    circuits.set(host, circuit) // the last asked stands last
    if (circuits.size > MOST_CIRCUITS) {
      const [oldest = host] = circuits.keys()
      circuits.delete(oldest)
    }
    return circuit
  }

  /** Whether this question may be asked. */
  function admits(circuit: Circuit): boolean {
    const { state } = circuit
    if (state.is === 'open' && state.until <= clock.monotonicMs())
      circuit.state = { is: 'half-open', good: 0, probing: false }
    if (circuit.state.is === 'open') return false
    if (circuit.state.is === 'closed') return true
    if (circuit.state.probing) return false
    return (circuit.state.probing = true)
  }

  function succeeded(circuit: Circuit): void {
    const { state } = circuit
    if (state.is !== 'half-open') return
    state.probing = false
    if (++state.good >= settings.probes) circuit.state = { is: 'closed' }
  }

  function failed(subgraph: string, circuit: Circuit): void {
    const now = clock.monotonicMs()
    const recent = circuit.failedAt.filter((at) => at > now - settings.windowMs)
    circuit.failedAt = [...recent, now]
    if (circuit.state.is === 'closed' && circuit.failedAt.length < settings.failures) return
    if (circuit.state.is !== 'open') observer.count('fetch.broken', { subgraph })
    circuit.state = { is: 'open', until: now + settings.restMs }
    circuit.failedAt = []
  }

  /** Another question is the probe. */
  function undecided({ state }: Circuit): void {
    if (state.is === 'half-open') state.probing = false
  }

  return async (request) => {
    const circuit = circuitOf(request.subgraph)
    if (!admits(circuit)) {
      observer.count('fetch.refused', { subgraph: request.subgraph, reason: 'broken' })
      throw unavailable(request.subgraph, 'is left alone after many failures')
    }
    try {
      const answer = await ask(request)
      succeeded(circuit)
      return answer
    } catch (error) {
      if (isOutage(error)) failed(request.subgraph, circuit)
      else if (saysNothing(error)) undecided(circuit)
      else succeeded(circuit)
      throw error
    }
  }
}

/** It was not waited for long enough to know anything of the subgraph. */
function saysNothing(error: unknown): boolean {
  return error instanceof Failure && ['REQUEST_TIMEOUT', 'BUSY', ABANDONED].includes(error.code)
}

/** Failures that say something of the subgraph, and nothing of the question. */
function isOutage(error: unknown): boolean {
  return !(error instanceof Failure) || ['SUBGRAPH_UNAVAILABLE', 'SUBGRAPH_TIMEOUT'].includes(error.code)
}

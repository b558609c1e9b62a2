import { gatewayConfig, type GatewayConfig, type Profile } from '../../gateway/config.js'
import { openGateway, type Gateway, type GatewayOptions } from '../../gateway/gateway.js'
import { Failure } from '../../platform/failure.js'
import { silent } from '../../platform/observe/observer.js'
import { seededChance } from '../../platform/time/chance.js'
import { systemClock } from '../../platform/time/clock.js'
import { ANONYMOUS, type Identity } from '../../schema/identity.js'
import type { Subgraphs } from '../../gateway/fetch/ask-subgraph.js'
import { federated, type Federated, type TestSubgraph } from '../support/federated.js'

/** A gateway on a free port over in-process subgraphs. */
export interface TestGateway extends Gateway {
  readonly graph: Federated
  readonly config: GatewayConfig
  /** POSTs a body as JSON. */
  post(body: unknown, headers?: Readonly<Record<string, string>>): Promise<Response>
}

export interface TestGatewayOptions extends Partial<Omit<GatewayOptions, 'config' | 'supergraph'>> {
  readonly profile?: Profile
  /** Changes to the profile's settings. */
  readonly config?: Readonly<Record<string, unknown>>
  /** Takes the place of the in-process way to subscriptions. */
  readonly subscribe?: Subgraphs['subscribe']
}

/** Tokens of tests name their member: `ann` is `Member:ann`; `old` has expired; anything else is not ours. */
export function verifyTest(token: string): Promise<Identity> {
  const names = ['ann', 'bob', 'eve']
  if (!names.includes(token))
    return Promise.reject(new Failure('UNAUTHENTICATED', token === 'old' ? 'the token has expired' : 'not our token'))
  return Promise.resolve({ ...ANONYMOUS, member: `Member:${token}`, roles: ['member'], expiresAt: 4_000_000_000 })
}

export async function openTestGateway(
  parts: Readonly<Record<string, TestSubgraph>>,
  { profile = 'open', config: changes = {}, subscribe, ...options }: TestGatewayOptions = {},
): Promise<TestGateway> {
  const graph = federated(parts)
  const config = gatewayConfig(profile, { port: 0, ...changes })
  const gateway = await openGateway({
    supergraph: graph.supergraph,
    subgraphs: { ...graph.subgraphs, ...(subscribe !== undefined && { subscribe }) },
    verify: verifyTest,
    clock: systemClock,
    chance: seededChance(1),
    observer: silent,
    ...options,
    config,
  })
  return {
    ...gateway,
    get engine() {
      return gateway.engine
    },
    get live() {
      return gateway.live
    },
    graph,
    config,
    post: (body, headers = {}) =>
      fetch(`${gateway.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
  }
}

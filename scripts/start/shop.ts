import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openAside } from '../../gateway/aside/aside.js'
import { gatewayConfig } from '../../gateway/config.js'
import { openGateway, type Gateway } from '../../gateway/gateway.js'
import { projectRoot } from '../../platform/config/project-root.js'
import { json } from '../../platform/decode.js'
import { deferred } from '../../platform/deferred.js'
import { Failure } from '../../platform/failure.js'
import type { Metrics } from '../../platform/observe/metrics.js'
import { secretsFrom, type Secrets } from '../../platform/secret.js'
import { signToken, verifyToken } from '../../platform/token.js'
import type { Ask } from '../../schema/ask.js'
import { identity, type Identity, type Role } from '../../schema/identity.js'
import { inProcess } from '../../subgraphs/host/in-process.js'
import { runSubgraph, type HostedSubgraph } from '../../subgraphs/host/run.js'
import type { Ground, Subgraph } from '../../subgraphs/host/subgraph.js'
import { REGISTRY, type SubgraphOptions } from '../../subgraphs/registry.js'
import { shopSettings } from './shop-settings.js'
import { readReply } from '../client/ask-shop.js'

/** What the embedded form is made of; the starting file and the journeys' house choose the adapters. */
export interface ShopParts {
  readonly ground: Ground
  readonly secrets: Secrets
  readonly env: SubgraphOptions['env']
  readonly host: string
  readonly port: number
  readonly metrics: Metrics | null
  /** Changes to the open profile's settings, as in a gateway's configuration file. */
  readonly gateway?: Readonly<Record<string, unknown>>
}

/** The whole shop in one process: every subgraph, and the gateway that reaches them without sockets. */
export interface Shop {
  /** Where it listens, without a path: `http://127.0.0.1:4000`. */
  readonly url: string
  readonly gateway: Gateway
  readonly hosted: readonly HostedSubgraph[]
  /** A token signed by the shop's own key. */
  token(claims: TokenClaims, seconds?: number): Promise<string>
  /** Drains, then closes, in the reverse order of opening. The ground stays: who opened it closes it. */
  stop(): Promise<void>
}

export interface TokenClaims {
  readonly sub?: string
  readonly partner?: string
  readonly roles: readonly Role[]
}

/** make all -> run each -> open the gateway over them. Wrong settings of all parts are told together. */
export async function openShop(parts: ShopParts): Promise<Shop> {
  const { ground, secrets } = parts
  const tokenKey = secrets.key('token')
  const door = deferred<Gateway>()
  const made = makeAll((partner) => ({
    secrets,
    env: parts.env,
    ask: askWithin(door.promise, partnerIdentity(partner)),
  }))
  const hosted: HostedSubgraph[] = []
  for (const subgraph of made) hosted.push(await runSubgraph(subgraph, ground))
  const gateway = await openGateway({
    supergraph: await readFile(join(projectRoot(), 'schema/supergraph.graphql'), 'utf8'),
    subgraphs: inProcess(hosted),
    verify: async (token) => identity(await verifyToken(tokenKey, token, ground.clock)),
    config: gatewayConfig('open', await shopSettings(), { host: parts.host, port: parts.port }, parts.gateway ?? {}),
    doors: hosted.flatMap((subgraph) => subgraph.doors),
    openAside,
    ...(parts.metrics !== null && { metrics: parts.metrics.page }),
    clock: ground.clock,
    chance: ground.chance,
    observer: ground.observer,
  })
  door.resolve(gateway)
  return {
    url: gateway.url,
    gateway,
    hosted,
    token: (claims, seconds = 86_400) => signToken(tokenKey, { ...claims }, { clock: ground.clock, seconds }),
    async stop() {
      await gateway.stop()
      for (const subgraph of hosted.toReversed()) await subgraph.stop()
    },
  }
}

/** Makes every subgraph of the registry; what is wrong with the settings of several is one refusal. */
export function makeAll(options: (partner: string | null) => SubgraphOptions): readonly Subgraph[] {
  const wrong: string[] = []
  const made = REGISTRY.flatMap(({ make, partner }) => {
    try {
      return [make(options(partner))]
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      wrong.push(error.message)
      return []
    }
  })
  if (wrong.length > 0) throw new Failure('SETTINGS_WRONG', wrong.join('\n'))
  return made
}

/** Every subgraph, made of nothing but its settings and never begun: for its schema, and to hear what is wrong with them. */
export function describeAll(env: SubgraphOptions['env']): readonly Subgraph[] {
  const ask = (): Promise<never> => Promise.reject(new Error('a subgraph that was only described asks nothing'))
  return makeAll(() => ({ secrets: secretsFrom(new Uint8Array(32)), env, ask }))
}

/** Who a connector is to the graph: its partner's server. */
export function partnerIdentity(partner: string | null): Identity {
  const roles: readonly Role[] = partner === null ? [] : ['partner']
  return { member: null, partner, roles, scopes: [], expiresAt: Number.MAX_SAFE_INTEGER }
}

/** The graph asked in process, once it is open. */
function askWithin(opened: Promise<Gateway>, who: Identity): Ask {
  let asked = 0
  return async ({ query, operationName, variables }) => {
    const { engine } = await opened
    const context = { who, authorization: null, requestId: `${who.partner ?? 'inside'}-${++asked}`, signal: null }
    const { body } = await engine.answer({
      text: query,
      operationName: operationName ?? null,
      variables: variables ?? null,
      context,
    })
    return readReply(json(body, 'the answer'))
  }
}

import { Failure } from '../platform/failure.js'
import { fields } from '../platform/decode.js'
import { AUTHORIZATIONS, type Authorization } from './engine.js'
import type { EdgeSettings } from './edge/settings.js'
import type { GuardSettings } from './fetch/guarded-subgraphs.js'
import { headerRules, type HeaderSettings } from './fetch/header-rules.js'
import type { TurnstileSettings } from './execute/turnstile.js'
import { COST_MODES } from './operation/cost-limit.js'
import type { LiveSettings } from './live/live-question.js'
import {
  conditionsByPolicy,
  listsOfTexts,
  webAddress,
  wholeNumbers,
  wordOf,
  type SettingForm,
} from './setting-forms.js'
import type { Contract } from './supergraph/contract.js'

/** The names of ready-made settings: `open` is for a developer's machine and any supergraph, `strict` for production. */
export const PROFILES = ['open', 'strict'] as const
export type Profile = (typeof PROFILES)[number]

/** Bounds of what is asked of subgraphs. */
export interface FetchSettings extends GuardSettings, HeaderSettings {
  /** The most that is read of one answer or of one event. */
  readonly mostBytes: number
  /** The most kept-alive connections to one subgraph. */
  readonly connections: number
  /** The most queries that are under way on one of them, as long as they are quick; 1 lets none wait behind another. */
  readonly pipelining: number
  /** Events of one subscription that may wait for us. */
  readonly mostWaiting: number
  /** Subgraphs whose subscriptions come as Server-Sent Events. */
  readonly sse: readonly string[]
}

/** Another issuer's tokens. */
export interface TokenSettings {
  /** Where its public keys are (a JWKS); empty takes tokens of our own secret, or none. */
  readonly jwks: string
  /** What the tokens' `iss` and `aud` must be; empty asks nothing. */
  readonly issuer: string
  readonly audience: string
}

/** Who is told of what happens here. */
export interface TelemetrySettings {
  /** A collector's address for traces; empty is none. */
  readonly otlp: string
  /** How many of a hundred traces that begin here are told. */
  readonly percent: number
  /** So many names of operations become labels of figures; the rest is `other`. */
  readonly operations: number
}

/** Everything that can be set of a gateway, each with a default. `docs/gateway.md` lists them. */
export interface GatewayConfig extends EdgeSettings {
  readonly fetch: FetchSettings
  readonly live: LiveSettings
  /** Over how long the ends of subscriptions that a new supergraph made invalid are spread. */
  readonly reloadMs: number
  /** Whose tokens are taken, when they are not signed with our own secret. */
  readonly tokens: TokenSettings
  /** Which part of the graph clients see, by the names of `@tag`. */
  readonly contract: Contract
  /** So many of the plans used most are made for a new supergraph before it serves. */
  readonly warmPlans: number
  readonly telemetry: TelemetrySettings
  /** Who decides on what `@authenticated`, `@requiresScopes` and `@policy` protect: we, before anything is fetched, or the subgraphs. */
  readonly authorization: Authorization
  /** What grants each policy: any of `role:…`, `scope:…`, `partner:…`, `claim:name=value`. */
  readonly policies: Readonly<Record<string, readonly string[]>>
  /** Labels of progressive `@override` that hold. */
  readonly overrides: readonly string[]
  /** Equal queries of one asker that are under way at the same moment share one answer. */
  readonly sharing: boolean
  readonly turnstile: TurnstileSettings
  /** Errors of subgraphs are told whole, also their insides: only for a developer's own machine. */
  readonly tellAll: boolean
}

const OPEN: GatewayConfig = {
  host: '127.0.0.1',
  port: 4000,
  limits: {
    bodyBytes: 1_048_576,
    characters: 200_000,
    tokens: 15_000,
    nesting: 200,
    depth: 100,
    height: 10_000,
    aliases: 5_000,
    rootFields: 1_000,
    directives: 1_000,
    pairs: 10_000,
    cost: 0,
    costMode: 'enforce',
    listSize: 10,
  },
  sockets: {
    initMs: 3_000,
    mostPerAddress: 0,
    mostPerMember: 0,
    mostOperations: 1_000,
    mostMessages: 5_000,
    mostBacklog: 1_048_576,
    pingMs: 20_000,
  },
  introspection: true,
  graphiql: true,
  hideSchema: false,
  origins: [],
  batch: 0,
  documents: { manifest: '', only: false, automatic: true },
  overload: { lateMs: 0, first: [], last: [] },
  quotas: { subgraph: '' },
  turnstile: { places: 64, bytesEach: 10_240, mostWaiting: 10_000, mostWaitMs: 0 },
  cacheSeconds: 0,
  compressBytes: 1_400,
  trustProxy: false,
  headMs: 10_000,
  bodyMs: 30_000,
  requestMs: 60_000,
  drainMs: 8_000,
  farewellMs: 0,
  fetch: {
    timeoutMs: 10_000,
    timeouts: {},
    headers: [],
    headersOf: {},
    withoutToken: [],
    connections: 64,
    pipelining: 8,
    mostBytes: 33_554_432,
    mostWaiting: 1_024,
    sse: [],
    crowd: { most: 512, mostWaiting: 4_096 },
    breaker: { failures: 20, windowMs: 10_000, restMs: 2_000, probes: 2 },
    retry: { percent: 10, waitMs: 50 },
  },
  live: { shared: [], personal: [], resume: [], historyEvents: 1_000, historyBytes: 2_097_152, historyMs: 300_000 },
  reloadMs: 5_000,
  tokens: { jwks: '', issuer: '', audience: '' },
  contract: { include: [], exclude: [] },
  warmPlans: 500,
  telemetry: { otlp: '', percent: 100, operations: 200 },
  authorization: 'enforce',
  policies: {},
  overrides: [],
  sharing: true,
  tellAll: false,
}

const STRICT: GatewayConfig = {
  ...OPEN,
  farewellMs: 3_000,
  limits: {
    bodyBytes: 262_144,
    characters: 15_000,
    tokens: 1_000,
    nesting: 64,
    depth: 15,
    height: 500,
    aliases: 15,
    rootFields: 20,
    directives: 50,
    pairs: 5_000,
    cost: 50_000,
    costMode: 'enforce',
    listSize: 10,
  },
  sockets: { ...OPEN.sockets, mostPerAddress: 200, mostPerMember: 50, mostOperations: 50, mostMessages: 300 },
  overload: { lateMs: 250, first: [], last: [] },
  requestMs: 15_000,
  introspection: false,
  graphiql: false,
  hideSchema: true,
  documents: { ...OPEN.documents, only: true },
  turnstile: { ...OPEN.turnstile, mostWaitMs: 500 },
  fetch: { ...OPEN.fetch, timeoutMs: 5_000, mostBytes: 8_388_608, mostWaiting: 256 },
}

/** A profile, changed by what a file (parsed JSON) or a starting file says. All that is wrong is told at once. */
export function gatewayConfig(profile: Profile, ...changes: readonly unknown[]): GatewayConfig {
  const wrong: string[] = []
  let config = profile === 'open' ? OPEN : STRICT
  for (const change of changes) config = changed(config, change, '', wrong)
  if (wrong.length === 0) attempt(() => headerRules(config.fetch), wrong)
  if (wrong.length > 0) throw new Failure('SETTINGS_WRONG', wrong.join('\n'))
  return config
}

/** Each known key, replaced where the change names it by something of the same kind. Unknown keys are wrong: a typing error must not pass silently. */
function changed<T extends object>(standard: T, change: unknown, place: string, wrong: string[]): T {
  const read = attempt(() => fields(change, place === '' ? 'the configuration' : place), wrong)
  if (read === null) return standard
  const known = Object.entries(standard)
  for (const key of Object.keys(read))
    if (!known.some(([name]) => name === key)) wrong.push(`${place}${key} is not a setting`)
  const values = known.map(([key, value]: [string, unknown]) => {
    const given = read[key]
    if (given === undefined) return [key, value] as const
    const form = FORMS.get(place + key)
    if (form !== undefined) return [key, attempt(() => form(given, place + key), wrong) ?? value] as const
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return [key, changed(value, given, `${place}${key}.`, wrong)] as const
    if (sameKind(value, given)) return [key, given] as const
    wrong.push(`${place}${key} must be ${kindOf(value)}, got ${JSON.stringify(given)}`)
    return [key, value] as const
  })
  return Object.fromEntries(values) as T // the same keys as T, each with a value of the same kind
}

/** Settings whose form their default does not tell. */
const FORMS: ReadonlyMap<string, SettingForm> = new Map<string, SettingForm>([
  ['fetch.timeouts', wholeNumbers],
  ['fetch.headersOf', listsOfTexts],
  ['tokens.jwks', webAddress],
  ['limits.costMode', wordOf(COST_MODES)],
  ['authorization', wordOf(AUTHORIZATIONS)],
  ['policies', conditionsByPolicy],
])

function sameKind(standard: unknown, given: unknown): boolean {
  if (typeof standard === 'number') return Number.isSafeInteger(given) && (given as number) >= 0
  if (Array.isArray(standard)) return Array.isArray(given) && given.every((one) => typeof one === 'string')
  return typeof standard === typeof given
}

function kindOf(standard: unknown): string {
  if (typeof standard === 'number') return 'a whole number from 0'
  if (Array.isArray(standard)) return 'a list of texts'
  return typeof standard === 'boolean' ? 'true or false' : 'a text'
}

function attempt<T>(read: () => T, wrong: string[]): T | null {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    wrong.push(error.message)
    return null
  }
}

import type { Chance } from '../../platform/time/chance.js'
import type { Clock } from '../../platform/time/clock.js'
import type { Faults } from './faults.js'

/** The app through which a shop speaks to the network. */
export interface App {
  readonly appKey: string
  readonly appSecret: string
  readonly redirectUri: string
  /** A post made by the app must hold a link under one of these. */
  readonly safeDomains: readonly string[]
  /** An app that was not reviewed yet may be used by 15 accounts. */
  readonly reviewed: boolean
  /** The old short links, closed for the public since 2019. */
  readonly legacy: boolean
  /** Whether there is a contract for the business interface. */
  readonly business: boolean
}

/** An account's consent to the app. */
export interface Grant {
  readonly uid: string
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

/** What somebody posted. Ids go beyond 2^53, so they are texts here and numbers only on the wire. */
export interface Status {
  readonly id: string
  readonly uid: string
  readonly text: string
  readonly at: number
  /** A late one is seen by nobody before this. */
  readonly appearsAt: number
  deleted: boolean
  reposts: number
  comments: number
  attitudes: number
}

/** All that the network knows. */
export interface Memory {
  readonly codes: Map<string, string>
  readonly usedCodes: Set<string>
  readonly tokens: Map<string, Grant>
  readonly statuses: Map<string, Status>
  readonly shortUrls: Map<string, { readonly long: string; clicks: number }>
}

/** What every endpoint works with. */
export interface World {
  readonly app: App
  readonly clock: Clock
  readonly chance: Chance
  readonly faults: Faults
  readonly memory: Memory
}

/** Nothing has happened yet, but for the consent of the protocol's worked example. */
export function emptyMemory(): Memory {
  return {
    codes: new Map([['abc', '1404376560']]),
    usedCodes: new Set(),
    tokens: new Map(),
    statuses: new Map(),
    shortUrls: new Map(),
  }
}

/** The memory as JSON text, and back. */
export function written(memory: Memory): string {
  return JSON.stringify(memory, (_, value: unknown) =>
    value instanceof Map || value instanceof Set ? [...(value as Iterable<unknown>)] : value,
  )
}

export function remembered(text: string): Memory {
  // Our own file, written by `written`.
  const kept = JSON.parse(text) as { readonly [K in keyof Memory]: readonly never[] }
  return {
    codes: new Map(kept.codes),
    usedCodes: new Set(kept.usedCodes),
    tokens: new Map(kept.tokens),
    statuses: new Map(kept.statuses),
    shortUrls: new Map(kept.shortUrls),
  }
}

/** The posts that can be seen now. */
export function seen({ memory, clock }: World, id: string): Status | null {
  const status = memory.statuses.get(id)
  const hidden = status === undefined || status.deleted || status.appearsAt > clock.now().getTime()
  return hidden ? null : status
}

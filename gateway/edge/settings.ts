import type { Limits } from '../operation/limits.js'
import type { QuotaSettings } from './allowance.js'
import type { OverloadSettings } from './overload.js'

/** Bounds of sockets. */
export interface SocketSettings {
  /** How long a new socket may wait with its `connection_init`. */
  readonly initMs: number
  /** Sockets from one address; 0 is without bound. */
  readonly mostPerAddress: number
  /** Acknowledged sockets of one member, from wherever; 0 is without bound. */
  readonly mostPerMember: number
  /** Operations that run on one socket at a time. */
  readonly mostOperations: number
  /** Messages that a client may send within ten seconds. */
  readonly mostMessages: number
  /** Bytes that may wait for a client that does not read. */
  readonly mostBacklog: number
  /** How often a silent client is asked whether it is there; one that does not answer is let go. */
  readonly pingMs: number
}

/** Documents that are known before anybody sends them. */
export interface DocumentSettings {
  /** A file of them: `{ "<id>": "<document>" }`, or Apollo's manifest. Empty is none. */
  readonly manifest: string
  /** Whether nothing else is served. Without a manifest everything is. */
  readonly only: boolean
  /** Whether clients may register documents by hash as they go. */
  readonly automatic: boolean
}

/** What the edge is told by whoever starts it. */
export interface EdgeSettings {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  readonly limits: Limits
  readonly sockets: SocketSettings
  readonly introspection: boolean
  readonly graphiql: boolean
  /** Names of the schema are kept out of messages ("did you mean …"), and few faults of a document are told. */
  readonly hideSchema: boolean
  /** Pages of other hosts that may call us from a browser, exactly as in `Origin`. */
  readonly origins: readonly string[]
  /** The most operations of one batched request; 0 switches batches off. */
  readonly batch: number
  readonly documents: DocumentSettings
  readonly overload: OverloadSettings
  readonly quotas: QuotaSettings
  /** How long a shared cache may keep the answer to an anonymous GET without errors; 0 is not at all. */
  readonly cacheSeconds: number
  /** Answers of at least so many bytes are compressed for whoever can read that; 0 switches it off. */
  readonly compressBytes: number
  /** Whether `X-Forwarded-*` is believed: only behind a proxy of ours. */
  readonly trustProxy: boolean
  /** How long the head of a request may take to come, and all of it with its body. */
  readonly headMs: number
  readonly bodyMs: number
  /** The time for a whole request, its fetches together; 0 is without bound. */
  readonly requestMs: number
  /** How long a stop waits for what is under way. */
  readonly drainMs: number
  /** Over how long a stop spreads its farewells to sockets and streams; below `drainMs`. */
  readonly farewellMs: number
}

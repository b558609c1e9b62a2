import type { OverloadSettings } from './overload.js'

/** Bounds of a document, the same on every transport. */
export interface Limits {
  /** Bytes of a body, also of a message on a socket. */
  readonly bodyBytes: number
  readonly characters: number
  readonly tokens: number
  /** How deep brackets may stand in each other, in a document and in JSON; checked before anything is parsed. */
  readonly nesting: number
  /** Fields below fields, fragments followed. */
  readonly depth: number
  /** Fields in all, each fragment counted wherever it is spread. */
  readonly height: number
  readonly aliases: number
  readonly rootFields: number
  readonly directives: number
}

/** Bounds of sockets. */
export interface SocketSettings {
  /** How long a new socket may wait with its `connection_init`. */
  readonly initMs: number
  /** Sockets from one address; 0 is without bound. */
  readonly mostPerAddress: number
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
  /** Whether nothing else is served. */
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
  /** Names of the schema are kept out of messages ("did you mean …"). */
  readonly hideSchema: boolean
  /** Pages of other hosts that may call us from a browser, exactly as in `Origin`. */
  readonly origins: readonly string[]
  /** The most operations of one batched request; 0 switches batches off. */
  readonly batch: number
  readonly documents: DocumentSettings
  readonly overload: OverloadSettings
  /** How long a shared cache may keep the answer to an anonymous GET without errors; 0 is not at all. */
  readonly cacheSeconds: number
  /** Answers of at least so many bytes are compressed for whoever can read that; 0 switches it off. */
  readonly compressBytes: number
  /** Whether `X-Forwarded-*` is believed: only behind a proxy of ours. */
  readonly trustProxy: boolean
  /** How long a stop waits for what is under way. */
  readonly drainMs: number
}

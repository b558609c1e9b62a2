import type { Abort } from '../abort.js'
import { leanPoster } from './lean-poster.js'
import { libraryPoster } from './library-poster.js'

/** What one post may cost. */
export interface PostBounds {
  /** From the first byte sent to the last byte read. */
  readonly timeoutMs: number
  /** The most that is read of the answer. */
  readonly mostBytes: number
  readonly signal: Abort | null
  /** Whether it changes nothing, and may be sent again. */
  readonly isSafe?: boolean
  /**
   * Safe posts of one group may share a connection; null shares with nobody. Should a host send more answers than it was asked for, the
   * next post would get another's: whoever must never see each other's answers are groups of their own.
   */
  readonly group?: string | null
}

/** How a host is reached. */
export interface PosterOptions {
  /** The most kept-alive connections. */
  readonly connections: number
  /** The most safe posts of one group that are under way on one connection; 1, the default, lets none wait behind another. Over plain HTTP only. */
  readonly pipelining?: number
}

/** What came back. */
export interface Posted {
  readonly status: number
  readonly contentType: string | null
  readonly contentEncoding: string | null
  readonly body: Buffer
}

/** Kept-alive connections to one host, for many posts; more posts than there may be connections wait in line. */
export interface Poster {
  /** Sends once and follows no redirect. Rejects with a `Failure` whose code is one of CALL_FAILURES. */
  post(path: string, headers: Readonly<Record<string, string>>, body: string, bounds: PostBounds): Promise<Posted>
  /** Lets what is under way end. */
  close(): Promise<void>
}

/** `http:` by our own few lines, all else by the library. */
export function poster(origin: string, options: PosterOptions): Poster {
  const { protocol } = new URL(origin)
  return protocol === 'http:' ? leanPoster(origin, options) : libraryPoster(origin, options)
}

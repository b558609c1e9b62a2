import { Failure } from '../../../../platform/failure.js'
import type { Ground } from '../../../host/subgraph.js'
import type { Calls } from '../calls.js'
import type { KuaishouConfig } from '../config.js'
import type { Personal } from '../../../../platform/personal.js'
import type { Shop } from '../shop.js'

/** What every deed of the connector stands on. */
export interface Work {
  readonly ground: Ground
  readonly config: KuaishouConfig
  readonly calls: Calls
  readonly shop: Shop
  readonly personal: Personal
  /** Opens the sealed pieces of an order's address. */
  readonly openPieces: (oid: string, pieces: readonly string[]) => Promise<readonly string[]>
}

/** Whether the partner said no to what was asked, and not just "later". */
export function isRefused(error: unknown): error is Failure {
  return error instanceof Failure && error.code === 'PARTNER_REFUSED'
}

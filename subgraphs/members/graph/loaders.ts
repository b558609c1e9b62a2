import DataLoader from 'dataloader'
import type { Database } from '../../../platform/db/database.js'
import type { Personal } from '../../../platform/personal.js'
import { openAddresses } from '../flow/seal-addresses.js'
import type { Address } from '../store/address-rows.js'
import { findBalances, type ECardKey } from '../store/e-card-rows.js'
import { findMembers, type Member } from '../store/member-rows.js'
import { findSellers } from '../store/merchant-rows.js'

/** What one request loads by id, each in one statement for all that is asked at a time. */
export interface Loaders {
  readonly members: DataLoader<string, Member | null>
  readonly addressesOf: DataLoader<string, readonly Address[]>
  /** The sellers that a merchant acts for. */
  readonly sellersOf: DataLoader<string, readonly string[]>
  /** The balance of an e-card account. */
  readonly balances: DataLoader<ECardKey, number, string>
}

/** Loaders for one request: what they remember must not outlive it. */
export function loaders(db: Database, personal: Personal): Loaders {
  return {
    members: new DataLoader((ids) => findMembers(db, ids)),
    addressesOf: new DataLoader((members) => openAddresses({ db, personal }, members)),
    sellersOf: new DataLoader((members) => findSellers(db, members)),
    balances: new DataLoader((keys) => findBalances(db, keys), {
      cacheKeyFn: ({ member, currency }) => `${member} ${currency}`,
    }),
  }
}

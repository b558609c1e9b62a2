import DataLoader from 'dataloader'
import type { Database } from '../../../../platform/db/database.js'
import { findListings, findListingsByKey, type ListingRow } from '../store/listings.js'

/** What one request has read; each loader asks its store once for all that was wanted together. */
export interface Loaders {
  /** By the key behind `Listing:`. */
  readonly listing: DataLoader<string, ListingRow | null>
  readonly listingOfVariant: DataLoader<string, ListingRow | null>
}

/** Loaders of one request. */
export function makeLoaders(db: Database): Loaders {
  return {
    listing: new DataLoader((keys) => findListingsByKey(db, keys)),
    listingOfVariant: new DataLoader((variants) => findListings(db, variants)),
  }
}

import DataLoader from 'dataloader'
import type { Database } from '../../../../platform/db/database.js'
import { deedsOf, type DeedRow } from '../../../host/books/difference-rows.js'
import { SCHEMA } from '../store/kuaishou-tables.js'
import { findItemsByKey, findListings, findListingsByKey, type ListingRow } from '../store/listings.js'

/** What one request has read; each loader asks its store once for all that was wanted together. */
export interface Loaders {
  /** By the key behind `Listing:`. */
  readonly listing: DataLoader<string, ListingRow | null>
  readonly listingOfVariant: DataLoader<string, ListingRow | null>
  /** The partner's number of the item that a listing is part of, by the key behind `Listing:`. */
  readonly itemOfListing: DataLoader<string, string | null>
  readonly deedsOfDifference: DataLoader<number, readonly DeedRow[]>
}

/** Loaders of one request. */
export function makeLoaders(db: Database): Loaders {
  return {
    listing: new DataLoader((keys) => findListingsByKey(db, keys)),
    listingOfVariant: new DataLoader((variants) => findListings(db, variants)),
    itemOfListing: new DataLoader((keys) => findItemsByKey(db, keys)),
    deedsOfDifference: new DataLoader((numbers) => deedsOf(db, SCHEMA, numbers)),
  }
}

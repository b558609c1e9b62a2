import DataLoader from 'dataloader'
import type { Database } from '../../../../platform/db/database.js'
import { findAccounts, type AccountRow } from '../store/accounts.js'
import { findLinkCopies, type LinkCopy } from '../store/links.js'
import { findPosts, postsOf, type PostRow } from '../store/posts.js'

/** What one request has read. */
export interface Loaders {
  readonly post: DataLoader<string, PostRow | null>
  readonly postsOfLink: DataLoader<string, readonly PostRow[]>
  readonly link: DataLoader<string, LinkCopy | null>
  readonly account: DataLoader<string, AccountRow | null>
}

/** Loaders of one request. */
export function makeLoaders(db: Database): Loaders {
  return {
    post: new DataLoader((ids) => findPosts(db, ids)),
    postsOfLink: new DataLoader((links) => postsOf(db, links)),
    link: new DataLoader((links) => findLinkCopies(db, links)),
    account: new DataLoader((members) => findAccounts(db, members)),
  }
}

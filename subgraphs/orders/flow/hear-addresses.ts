import type { Database } from '../../../platform/db/database.js'
import type { MembersEvent } from '../../../schema/events/members.js'
import { addressOrders, forgetMemberAddresses, keepMemberAddresses } from '../store/member-addresses.js'

/**
 * Members' addresses, sealed. An address never changes, so that the copy is what it was when an order named it: a paid order has it
 * on its own row, one that is not paid yet gets it there before the copy is deleted.
 */
export async function hearAddresses(tx: Database, events: readonly (MembersEvent | null)[]): Promise<void> {
  const kept = events.filter((event) => event?.kind === 'members.addressKept')
  const removed = events.filter((event) => event?.kind === 'members.addressRemoved')
  if (kept.length + removed.length === 0) return
  await keepMemberAddresses(tx, kept)
  await addressOrders(
    tx,
    [...kept, ...removed].map(({ address }) => address),
  )
  await forgetMemberAddresses(tx, removed)
}

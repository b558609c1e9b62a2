import type { MaybeKeyed } from '../../../platform/db/once.js'
import type { Identity } from '../../../schema/identity.js'
import type { RequestContext } from '../../host/subgraph.js'
import type { AddressFields } from '../domain/address.js'
import type { Address } from '../store/address-rows.js'
import type { ECardEntry, ECardKey } from '../store/e-card-rows.js'
import type { NamedMember, PlusPeriodRow } from '../store/member-rows.js'
import type { ReminderRow } from '../store/reminder-rows.js'
import type { Loaders } from './loaders.js'

/** What members' resolvers may do beside loading by id. */
export interface MembersFlow {
  /** Gives the ids. */
  ensureMembers(who: Identity, members: readonly NamedMember[]): Promise<readonly string[]>
  /** Gives the merchant's id. */
  bindMerchant(who: Identity, asked: { readonly member: string; readonly sellers: readonly string[] }): Promise<string>
  addAddress(who: Identity, asked: AddressFields & MaybeKeyed): Promise<Address>
  /** Gives the address's id. */
  removeAddress(who: Identity, addressId: string): Promise<string>
  pageEntries(
    account: ECardKey,
    page: { readonly limit: number; readonly after: number | null },
  ): Promise<readonly ECardEntry[]>
  pagePeriods(
    member: string,
    page: { readonly limit: number; readonly after: { readonly startsAt: Date; readonly grant: string } | null },
  ): Promise<readonly PlusPeriodRow[]>
  /** Gives the member's id, at once and each time that something new reminds him. */
  watchReminders(member: string): Promise<AsyncIterableIterator<string>>
  pageReminders(
    member: string,
    page: { readonly limit: number; readonly after: number | null },
  ): Promise<readonly ReminderRow[]>
  /** Whether an instant is still to come. */
  isToCome(instant: Date): boolean
}

export type MembersContext = RequestContext<Loaders, MembersFlow>

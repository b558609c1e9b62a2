import type { Database } from '../../../platform/db/database.js'
import type { Observer } from '../../../platform/observe/observer.js'
import type { Personal } from '../../../platform/personal.js'
import { addressIn, addressText } from '../../../schema/address.js'
import { findAddresses, keepSealed, lockClear, type Address, type AddressRow } from '../store/address-rows.js'

/** Rows of one transaction. */
const MOST = 500

/** What addresses are sealed with, and where. */
export interface SealingGround {
  readonly db: Database
  readonly personal: Personal
  readonly observer: Observer
}

/** Seals an address for its own row. */
export function sealAddress(personal: Personal, address: Address): Uint8Array {
  return personal.seal(addressText(address), address.id)
}

/** The addresses of each member, the newest first, in the order of the members. */
export async function openAddresses(
  { db, personal }: Pick<SealingGround, 'db' | 'personal'>,
  members: readonly string[],
): Promise<readonly (readonly Address[])[]> {
  const rows = await findAddresses(db, members)
  const byMember = new Map<string, Address[]>(members.map((id) => [id, []]))
  for (const row of rows) byMember.get(row.member)?.push(opened(personal, row))
  return members.map((id) => byMember.get(id) ?? [])
}

/** An address as its member has it. */
export function opened(personal: Personal, row: AddressRow): Address {
  if (row.sealed !== null) return { id: row.id, ...addressIn(personal.open(row.sealed, row.id)) }
  const { id, regionCode, line, receiver, phone } = row
  return { id, regionCode, line, receiver, phone }
}

/** Seals what was kept in clear by a version before, and counts it. */
export async function sealClear({ db, personal, observer }: SealingGround): Promise<void> {
  for (;;) {
    const sealed = await db.transaction(async (tx) => {
      const clear = await lockClear(tx, MOST)
      if (clear.length > 0)
        await keepSealed(
          tx,
          clear.map((address) => ({ id: address.id, sealed: sealAddress(personal, address) })),
        )
      return clear.length
    })
    observer.count('members.addresses.sealed', {}, sealed)
    if (sealed < MOST) return
  }
}

import { tell } from '../../../platform/bus/outbox.js'
import type { Clock } from '../../../platform/time/clock.js'
import type { ToldAddresses } from '../../../schema/address.js'
import type { AddressKept, AddressRemoved } from '../../../schema/events/members.js'
import { takeUntold, type Address } from '../store/address-rows.js'
import { SCHEMA } from '../store/migrations.js'
import { opened, type SealingGround } from './seal-addresses.js'

/** Rows of one turn: a shop of many addresses must not push everything else off the bus. */
const MOST = 2000

/** What addresses are told with, and where. */
export interface TellingGround extends SealingGround {
  readonly clock: Clock
  readonly told: ToldAddresses
  readonly wake: () => void
}

/** The event of an address that is kept: sealed for orders. */
export function addressKept(
  told: ToldAddresses,
  address: Address & { readonly member: string },
  at: Date,
): AddressKept {
  const { id, member } = address
  return {
    ...{ id: `${id}:kept`, kind: 'members.addressKept', at: at.toISOString(), member, address: id },
    sealed: told.seal(address, { member, address: id }),
  }
}

/** The event of an address that is deleted. */
export function addressRemoved({ id, member }: { id: string; member: string }, at: Date): AddressRemoved {
  return { id: `${id}:removed`, kind: 'members.addressRemoved', at: at.toISOString(), member, address: id }
}

/** Tells some of the addresses that a version before kept, and counts them. */
export async function tellUntold({ db, clock, personal, told, observer, wake }: TellingGround): Promise<void> {
  const count = await db.transaction(async (tx) => {
    const rows = await takeUntold(tx, MOST)
    const at = clock.now()
    await tell(
      tx,
      SCHEMA,
      rows.map((row) => addressKept(told, { ...opened(personal, row), member: row.member }, at)),
    )
    return rows.length
  })
  if (count > 0) wake()
  observer.count('members.addresses.told', {}, count)
}

import { tell } from '../../../platform/bus/outbox.js'
import { onceIfKeyed, type MaybeKeyed } from '../../../platform/db/once.js'
import type { Personal } from '../../../platform/personal.js'
import type { Chance } from '../../../platform/time/chance.js'
import type { ToldAddresses } from '../../../schema/address.js'
import { globalId, idOf } from '../../../schema/ids.js'
import { memberOf, type Identity } from '../../../schema/identity.js'
import { refuse } from '../../../schema/refuse.js'
import { readAddress, type AddressFields } from '../domain/address.js'
import { addAddress, deleteAddress, type Address } from '../store/address-rows.js'
import { knowMember } from '../store/member-rows.js'
import { SCHEMA } from '../store/migrations.js'
import { memberKnown, nicknameOf, type MembersGround } from './ensure-members.js'
import { sealAddress } from './seal-addresses.js'
import { addressKept, addressRemoved } from './tell-addresses.js'

/** How many addresses a member may keep. */
const MOST_ADDRESSES = 50

/** What addresses are kept and told with. */
export interface AddressGround extends MembersGround {
  readonly chance: Chance
  readonly personal: Personal
  readonly told: ToldAddresses
}

/** Keeps an address of the member who asks, for himself and whoever ships his orders; under the same key once. */
export async function keepAddress(
  { db, clock, wake, chance, personal, told }: AddressGround,
  who: Identity,
  { idempotencyKey, ...input }: AddressFields & MaybeKeyed,
): Promise<Address> {
  const member = memberOf(who)
  const address = readAddress(input)
  const now = clock.now()
  const deed = { owner: member, kind: 'add-address', asked: { idempotencyKey, ...address } }
  const id = await db.transaction((tx) =>
    onceIfKeyed(tx, SCHEMA, deed, async () => {
      const fresh = globalId('Address', chance.uuid())
      const joined = await knowMember(tx, { id: member, nickname: nicknameOf(member) }, now)
      if (joined !== null) await tell(tx, SCHEMA, [memberKnown(joined, now)])
      const sealed = sealAddress(personal, { id: fresh, ...address })
      if (!(await addAddress(tx, { id: fresh, member, sealed, most: MOST_ADDRESSES }, now)))
        throw refuse('LIMIT_EXCEEDED', `a member keeps at most ${MOST_ADDRESSES} addresses`)
      await tell(tx, SCHEMA, [addressKept(told, { id: fresh, member, ...address }, now)])
      return fresh
    }),
  )
  wake()
  return { id, ...address }
}

/** Forgets an address of the member who asks, for good; one that is gone, or another's, is `NOT_FOUND`. Gives its id. */
export async function removeAddress(
  { db, clock, wake }: MembersGround,
  who: Identity,
  addressId: string,
): Promise<string> {
  const member = memberOf(who)
  const id = idOf('Address')(addressId, 'addressId')
  await db.transaction(async (tx) => {
    if (!(await deleteAddress(tx, member, id)))
      throw refuse('NOT_FOUND', 'no such address', { details: { place: 'addressId' } })
    await tell(tx, SCHEMA, [addressRemoved({ id, member }, clock.now())])
  })
  wake()
  return id
}

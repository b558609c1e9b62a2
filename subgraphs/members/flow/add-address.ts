import { tell } from '../../../platform/bus/outbox.js'
import type { Chance } from '../../../platform/time/chance.js'
import { globalId } from '../../../schema/ids.js'
import { memberOf, type Identity } from '../../../schema/identity.js'
import { refuse } from '../../../schema/refuse.js'
import { readAddress, type AddressFields } from '../domain/address.js'
import { addAddress, type Address } from '../store/address-rows.js'
import { knowMember } from '../store/member-rows.js'
import { SCHEMA } from '../store/migrations.js'
import { memberKnown, nicknameOf, type MembersGround } from './ensure-members.js'

/** How many addresses a member may keep. */
const MOST_ADDRESSES = 50

/** Keeps an address of the member who asks, for himself alone. */
export async function keepAddress(
  { db, clock, wake, chance }: MembersGround & { readonly chance: Chance },
  who: Identity,
  input: AddressFields,
): Promise<Address> {
  const member = memberOf(who)
  const address = readAddress(input)
  const id = globalId('Address', chance.uuid())
  const now = clock.now()
  await db.transaction(async (tx) => {
    const joined = await knowMember(tx, { id: member, nickname: nicknameOf(member) }, now)
    if (joined !== null) await tell(tx, SCHEMA, [memberKnown(joined, now)])
    if (!(await addAddress(tx, { id, member, address, most: MOST_ADDRESSES }, now)))
      throw refuse('LIMIT_EXCEEDED', `a member keeps at most ${MOST_ADDRESSES} addresses`)
  })
  wake()
  return { id, ...address }
}

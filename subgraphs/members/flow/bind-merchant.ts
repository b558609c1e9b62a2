import { tell } from '../../../platform/bus/outbox.js'
import { list, text } from '../../../platform/decode.js'
import type { MembersEvent } from '../../../schema/events/members.js'
import { idOf } from '../../../schema/ids.js'
import { memberOf, needRole, type Identity } from '../../../schema/identity.js'
import { knowMember } from '../store/member-rows.js'
import { bindSellers } from '../store/merchant-rows.js'
import { SCHEMA } from '../store/migrations.js'
import { memberKnown, nicknameOf, type MembersGround } from './ensure-members.js'

/** The most sellers that one merchant acts for. */
const MOST_SELLERS = 100

/** Says for which sellers a member acts as a merchant: these and no other, none to end it. For operators. Gives the member's id. */
export async function bindMerchant(
  { db, clock, wake }: MembersGround,
  who: Identity,
  asked: { readonly member: string; readonly sellers: readonly string[] },
): Promise<string> {
  needRole(who, 'operator')
  const member = idOf('Member')(asked.member, 'memberId')
  const named = list(asked.sellers, 'sellers', (it, at) => text(it, at, { most: 100 }), { most: MOST_SELLERS })
  const sellers = [...new Set(named)].sort()
  const now = clock.now()
  await db.transaction(async (tx) => {
    const joined = await knowMember(tx, { id: member, nickname: nicknameOf(member) }, now)
    if (joined !== null) await tell(tx, SCHEMA, [memberKnown(joined, now)])
    const version = await bindSellers(tx, { member, sellers, by: memberOf(who) }, now)
    if (version === null) return
    const id = `${member}:sellers:${version}`
    const bound: MembersEvent = { id, kind: 'members.merchantBound', at: now.toISOString(), member, version, sellers }
    await tell(tx, SCHEMA, [bound])
  })
  wake()
  return member
}

import { tell } from '../../../platform/bus/outbox.js'
import { misread } from '../../../platform/decode.js'
import type { Database } from '../../../platform/db/database.js'
import type { Clock } from '../../../platform/time/clock.js'
import type { MemberKnown } from '../../../schema/events/members.js'
import { idOf } from '../../../schema/ids.js'
import { needRole, type Identity } from '../../../schema/identity.js'
import { words } from '../domain/address.js'
import { SCHEMA } from '../store/migrations.js'
import { saveMembers, type NamedMember, type SavedMember } from '../store/member-rows.js'

/** What members' deeds work with. `wake` tells the relay that there is something in the outbox. */
export interface MembersGround {
  readonly db: Database
  readonly clock: Clock
  readonly wake: () => void
}

/** The most members that are made known at a time. */
export const MOST_MEMBERS = 500

/** Makes members known under their nicknames, many at a time; a known one gets the nickname. For operators. Gives their ids. */
export async function ensureMembers(
  { db, clock, wake }: MembersGround,
  who: Identity,
  members: readonly NamedMember[],
): Promise<readonly string[]> {
  needRole(who, 'operator', 'platform-operator')
  if (members.length > MOST_MEMBERS)
    throw misread('members', `a list of at most ${MOST_MEMBERS}`, `${members.length} items`)
  const read = members.map(readMember)
  const ids = read.map(({ id }) => id)
  if (new Set(ids).size < ids.length)
    throw misread('members', 'a list that names each member once', 'one of them twice')
  const now = clock.now()
  await db.transaction(async (tx) => {
    const saved = await saveMembers(tx, read, now)
    await tell(
      tx,
      SCHEMA,
      saved.map((member) => memberKnown(member, now)),
    )
  })
  wake()
  return ids
}

/** The event of a member that was written. */
export function memberKnown({ id, nickname, version }: SavedMember, at: Date): MemberKnown {
  return { id: `${id}:${version}`, kind: 'members.memberKnown', at: at.toISOString(), member: id, version, nickname }
}

/** The nickname of a member who never told one: the key of its id. */
export function nicknameOf(id: string): string {
  return id.slice(id.indexOf(':') + 1)
}

function readMember({ id, nickname }: NamedMember, at: number): NamedMember {
  return {
    id: idOf('Member')(id, `members[${at}].id`),
    nickname: words(nickname, `members[${at}].nickname`, 100),
  }
}

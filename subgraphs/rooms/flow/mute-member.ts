import type { Identity } from '../../../schema/identity.js'
import { needKeeper } from '../domain/who-acts.js'
import { dropMute, saveMute } from '../store/comments.js'
import type { RoomRow } from '../store/tables.js'
import type { Workplace } from './workplace.js'
import { writeRoom } from './write-room.js'

/** Silences a member in a room, or lets him speak again; what he has said stays in the record. */
export function muteMember(
  on: Workplace,
  who: Identity,
  it: { readonly room: string; readonly member: string; readonly muted: boolean },
): Promise<RoomRow> {
  return writeRoom(on, it.room, async ({ tx, room, at }) => {
    needKeeper(who, room)
    if (it.muted) await saveMute(tx, { room: room.id, member: it.member, by: who.member ?? 'operator', at })
    else await dropMute(tx, room.id, it.member)
    return { answer: room }
  })
}

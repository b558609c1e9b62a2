import type { Identity } from '../../../schema/identity.js'
import { refuse } from '../../../schema/refuse.js'
import { needKeeper } from '../domain/who-acts.js'
import { dropMute, findComments, saveMute } from '../store/comments.js'
import type { RoomRow } from '../store/tables.js'
import type { Workplace } from './workplace.js'
import { theRoom, writeRoom } from './write-room.js'

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
    return { answer: theRoom }
  })
}

/** Keeps one comment of the room in sight, or none. */
export function pinComment(
  on: Workplace,
  who: Identity,
  it: { readonly room: string; readonly comment: string | null },
): Promise<RoomRow> {
  return writeRoom(on, it.room, async ({ tx, room }) => {
    needKeeper(who, room)
    const [comment] = it.comment === null ? [] : await findComments(tx, [it.comment])
    if (it.comment !== null && comment?.room !== room.id)
      throw refuse('NOT_FOUND', `no comment of this room is known as ${it.comment}`)
    return { answer: theRoom, change: { pinned_comment: it.comment } }
  })
}

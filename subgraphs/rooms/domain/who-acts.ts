import type { Identity } from '../../../schema/identity.js'
import { refuse } from '../../../schema/refuse.js'

/** Passes for the room's own host and for operators: nobody else acts in a room. */
export function needKeeper(who: Identity, room: { readonly host: string }): void {
  if (who.roles.includes('operator')) return
  if (who.roles.includes('host') && who.member === room.host) return
  if (who.expiresAt === null)
    throw refuse('UNAUTHENTICATED', "this needs the token of the room's host or of an operator")
  throw refuse('FORBIDDEN', 'only the host of this room or an operator may do this')
}

/** Who hosts a room that is being scheduled: a host himself; an operator names anybody. */
export function hostFor(who: Identity, named: string | null): string {
  const host = named ?? who.member
  if (host === null) throw refuse('BAD_USER_INPUT', 'hostId is needed when the token bears no member')
  needKeeper(who, { host })
  return host
}

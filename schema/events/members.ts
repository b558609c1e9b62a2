import { fields, instant, list, text, whole, type Fields } from '../../platform/decode.js'
import { idOf } from '../ids.js'
import { currency } from '../money.js'

/** The topic on which members tells. */
export const MEMBERS = 'members'

interface Told {
  /** Made from the fact, so that telling it twice is telling it once. */
  readonly id: string
  /** ISO text. */
  readonly at: string
}

/** A member joined or took another nickname; the highest version is the newest. */
export interface MemberKnown extends Told {
  readonly kind: 'members.memberKnown'
  readonly member: string
  readonly version: number
  readonly nickname: string
}

/** A member's PLUS lasts until another instant now; it only ever grows. */
export interface PlusChanged extends Told {
  readonly kind: 'members.plusChanged'
  readonly member: string
  /** ISO text. */
  readonly until: string
}

/** Something was put on a member's e-card; what is on it from now on, orders decides. */
export interface ECardGranted extends Told {
  readonly kind: 'members.eCardGranted'
  /** What it was granted for: each cause is granted once. */
  readonly cause: string
  readonly member: string
  readonly currency: string
  readonly amountMinor: number
}

/** A merchant acts for these sellers and no other from now on; the highest version is the newest. */
export interface MerchantBound extends Told {
  readonly kind: 'members.merchantBound'
  readonly member: string
  readonly version: number
  readonly sellers: readonly string[]
}

/** A member keeps an address. It never changes: another one has another id. */
export interface AddressKept extends Told {
  readonly kind: 'members.addressKept'
  readonly member: string
  readonly address: string
  /** Base64, as `toldAddresses` seals it. */
  readonly sealed: string
}

/** A member deleted an address; whatever is told of it later is older. */
export interface AddressRemoved extends Told {
  readonly kind: 'members.addressRemoved'
  readonly member: string
  readonly address: string
}

export type MembersEvent = MerchantBound | MemberKnown | PlusChanged | ECardGranted | AddressKept | AddressRemoved

/** Reads an event of this topic; null when its kind is not one that this version knows. */
export function membersEvent(value: unknown): MembersEvent | null {
  const it = fields(value, 'event')
  const told = { id: text(it['id'], 'event.id'), at: instant(it['at'], 'event.at').toISOString() }
  switch (it['kind']) {
    case 'members.memberKnown':
      return { kind: it['kind'], ...told, ...memberKnown(it) }
    case 'members.plusChanged':
      return {
        kind: it['kind'],
        ...told,
        member: memberOf(it),
        until: instant(it['until'], 'event.until').toISOString(),
      }
    case 'members.eCardGranted':
      return {
        kind: it['kind'],
        ...told,
        cause: text(it['cause'], 'event.cause'),
        member: memberOf(it),
        currency: currency(it['currency'], 'event.currency'),
        amountMinor: whole(it['amountMinor'], 'event.amountMinor', { least: 1 }),
      }
    case 'members.merchantBound':
      return {
        kind: it['kind'],
        ...told,
        member: memberOf(it),
        version: whole(it['version'], 'event.version', { least: 1 }),
        sellers: list(it['sellers'], 'event.sellers', (seller, at) => text(seller, at)),
      }
    case 'members.addressKept':
      return { kind: it['kind'], ...told, ...addressOf(it), sealed: text(it['sealed'], 'event.sealed') }
    case 'members.addressRemoved':
      return { kind: it['kind'], ...told, ...addressOf(it) }
    default:
      return null
  }
}

function memberKnown(it: Fields): Omit<MemberKnown, keyof Told | 'kind'> {
  return {
    member: memberOf(it),
    version: whole(it['version'], 'event.version', { least: 1 }),
    nickname: text(it['nickname'], 'event.nickname'),
  }
}

function addressOf(it: Fields): Pick<AddressRemoved, 'member' | 'address'> {
  return { member: memberOf(it), address: idOf('Address')(it['address'], 'event.address') }
}

function memberOf(it: Fields): string {
  return idOf('Member')(it['member'], 'event.member')
}

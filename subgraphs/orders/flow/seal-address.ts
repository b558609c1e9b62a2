import { createHmac } from 'node:crypto'
import { json, list, text } from '../../../platform/decode.js'
import { personalWith, type Personal } from '../../../platform/personal.js'
import type { Chance } from '../../../platform/time/chance.js'

/** Where a partner's buyer lives. Personal data: it is stored sealed, and never logged or told. */
export interface Address {
  readonly regionCode: string
  readonly line: string
  readonly receiver: string
  readonly phone: string
}

/** Which order an address belongs to: one that was sealed for another cannot be opened for it. */
export interface AddressOf {
  readonly partner: string
  readonly partnerOrder: string
}

/** Seals addresses, and opens them for whoever ships. */
export interface Addresses {
  /** The sealed bytes in Base64, beside a keyed hash by which the same address is known again. */
  seal(address: Address, of: AddressOf): { readonly sealed: string; readonly hash: string }
  open(sealed: Uint8Array, of: AddressOf): Address
}

/** Addresses under one key of the installation. */
export function addressesWith(key: Buffer, chance: Chance): Addresses {
  const personal = personalWith(key, chance)
  return {
    seal(address, of) {
      const plain = JSON.stringify([address.regionCode, address.line, address.receiver, address.phone])
      const sealed = Buffer.from(personal.seal(plain, rowOf(of))).toString('base64')
      return { sealed, hash: createHmac('sha256', key).update(plain).digest('base64') }
    },
    open: (sealed, of) => addressIn(opened(personal, sealed, of)),
  }
}

/** What was sealed before addresses were bound to their orders is bound to nothing. */
function opened(personal: Personal, sealed: Uint8Array, of: AddressOf): string {
  try {
    return personal.open(sealed, rowOf(of))
  } catch {
    return personal.open(sealed, '')
  }
}

function rowOf(of: AddressOf): string {
  return JSON.stringify([of.partner, of.partnerOrder])
}

function addressIn(plain: string): Address {
  const [regionCode, line, receiver, phone] = list(json(plain, 'address'), 'address', text)
  return {
    regionCode: text(regionCode, 'address.regionCode'),
    line: text(line, 'address.line'),
    receiver: text(receiver, 'address.receiver'),
    phone: text(phone, 'address.phone'),
  }
}

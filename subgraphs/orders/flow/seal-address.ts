import { createHmac } from 'node:crypto'
import { personalWith, type Personal } from '../../../platform/personal.js'
import type { Chance } from '../../../platform/time/chance.js'
import { addressIn, addressText, type Address } from '../../../schema/address.js'

/** Which partner's order an address belongs to: one that was sealed for another cannot be opened for it. */
export interface AddressOf {
  readonly partner: string
  readonly partnerOrder: string
}

/** Seals where partners' parcels go, and opens it for whoever ships. */
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
      const plain = addressText(address)
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

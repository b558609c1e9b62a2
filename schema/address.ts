import { json, list, text } from '../platform/decode.js'
import { personalWith } from '../platform/personal.js'
import type { Secrets } from '../platform/secret.js'
import type { Chance } from '../platform/time/chance.js'

/** Where a parcel goes. Personal data: it is stored and told sealed, and never logged. */
export interface Address {
  readonly regionCode: string
  readonly line: string
  readonly receiver: string
  readonly phone: string
}

/** An address as it is sealed. */
export function addressText({ regionCode, line, receiver, phone }: Address): string {
  return JSON.stringify([regionCode, line, receiver, phone])
}

/** The address that was sealed as this text. */
export function addressIn(plain: string): Address {
  const [regionCode, line, receiver, phone] = list(json(plain, 'address'), 'address', text)
  return {
    regionCode: text(regionCode, 'address.regionCode'),
    line: text(line, 'address.line'),
    receiver: text(receiver, 'address.receiver'),
    phone: text(phone, 'address.phone'),
  }
}

/** Which address of which member: what was sealed for one cannot be opened for another. */
export interface ToldAddressOf {
  readonly member: string
  /** An `Address:…` id. */
  readonly address: string
}

/** Members' addresses as members tells them to orders: nobody on the way, and nobody without the installation's secret, reads them. */
export interface ToldAddresses {
  /** Base64. */
  seal(address: Address, of: ToldAddressOf): string
  open(sealed: Uint8Array, of: ToldAddressOf): Address
}

/** Addresses under the key of what is told, which opens nothing that members keeps for itself. */
export function toldAddresses(secrets: Secrets, chance: Chance): ToldAddresses {
  const personal = personalWith(secrets.key('told-address'), chance)
  return {
    seal: (address, of) => Buffer.from(personal.seal(addressText(address), rowOf(of))).toString('base64'),
    open: (sealed, of) => addressIn(personal.open(sealed, rowOf(of))),
  }
}

function rowOf({ member, address }: ToldAddressOf): string {
  return JSON.stringify([member, address])
}

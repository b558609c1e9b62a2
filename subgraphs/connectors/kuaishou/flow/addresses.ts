import { fields, json, text } from '../../../../platform/decode.js'
import type { Personal } from '../personal.js'
import type { ShopAddress } from '../translate.js'

/** An address as it lies in a row: readable to us only, and only in the row of its order. */
export function sealedAddress(personal: Personal, oid: string, address: ShopAddress): Uint8Array {
  return personal.seal(JSON.stringify(address), oid)
}

/** The address in clear, for as long as it is handed on. */
export function openedAddress(personal: Personal, oid: string, sealed: Uint8Array): ShopAddress {
  const it = fields(json(personal.open(sealed, oid), 'address'), 'address')
  return {
    regionCode: text(it['regionCode'], 'address.regionCode'),
    line: text(it['line'], 'address.line', { least: 0 }),
    receiver: text(it['receiver'], 'address.receiver', { least: 0 }),
    phone: text(it['phone'], 'address.phone', { least: 0 }),
  }
}

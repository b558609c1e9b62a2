import { batcher } from '../../../../platform/batch.js'
import { fields, json, text } from '../../../../platform/decode.js'
import type { Personal } from '../../../../platform/personal.js'
import { refuse } from '../../../../schema/refuse.js'
import type { SealedPiece } from '../calls.js'
import type { ShopAddress } from '../translate.js'
import type { Work } from './work.js'

/** Orders in one call: the partner opens fifty pieces at most. */
const ORDERS_AT_ONCE = 16
const WAIT_MS = 20

/** Opens the sealed pieces of an order's address, together with those of other orders that come at the same time: opening is counted by the call. */
export function openerOf({ calls, ground: { clock, observer } }: Pick<Work, 'calls' | 'ground'>): Work['openPieces'] {
  const line = batcher<readonly SealedPiece[], readonly string[]>({
    ...{ clock, observer, name: 'kuaishou.decrypt', most: ORDERS_AT_ONCE, waitMs: WAIT_MS, limit: 1_000 },
    async run(orders) {
      const opened = await calls.decrypted(orders.flat())
      let at = 0
      return orders.map((pieces) => {
        const clear = opened.slice(at, (at += pieces.length)).filter((piece) => piece !== null)
        return clear.length === pieces.length
          ? clear
          : refuse('PARTNER_REFUSED', 'the partner did not open every piece of an address')
      })
    },
  })
  return (oid, pieces) => line.ask(pieces.map((sealed) => ({ oid, sealed })))
}

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

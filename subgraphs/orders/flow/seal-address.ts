import { createCipheriv, createHmac } from 'node:crypto'
import type { Chance } from '../../../platform/time/chance.js'

/** Where a partner's buyer lives. Personal data: it is stored sealed, and never logged or told. */
export interface Address {
  readonly regionCode: string
  readonly line: string
  readonly receiver: string
  readonly phone: string
}

/** Seals an address (AES-256-GCM: nonce, tag, bytes, in Base64), beside a keyed hash by which the same one is known again. */
export function sealAddress(key: Buffer, chance: Chance, address: Address): { sealed: string; hash: string } {
  const plain = JSON.stringify([address.regionCode, address.line, address.receiver, address.phone])
  const nonce = chance.bytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  const bytes = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
  const sealed = Buffer.concat([nonce, cipher.getAuthTag(), bytes]).toString('base64')
  return { sealed, hash: createHmac('sha256', key).update(plain).digest('base64') }
}

import { createCipheriv, createDecipheriv } from 'node:crypto'
import type { Chance } from '../../../platform/time/chance.js'

/** Keeps accounts' tokens unreadable to who reads the database alone: AES-256-GCM, bound to the account. */
export interface TokenSeal {
  seal(token: string, uid: string): Uint8Array
  open(sealed: Uint8Array, uid: string): string
}

const IV_BYTES = 12
const TAG_BYTES = 16

/** A seal with the installation's key for this purpose. */
export function tokenSeal(key: Buffer, chance: Chance): TokenSeal {
  return {
    seal(token, uid) {
      const iv = chance.bytes(IV_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(uid))
      const sealed = Buffer.concat([cipher.update(token, 'utf8'), cipher.final()])
      return Buffer.concat([iv, cipher.getAuthTag(), sealed])
    },
    open(sealed, uid) {
      const bytes = Buffer.from(sealed)
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES)).setAAD(Buffer.from(uid))
      decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
      return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8')
    },
  }
}

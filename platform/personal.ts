import { createCipheriv, createDecipheriv } from 'node:crypto'
import type { Chance } from './time/chance.js'

/** Encrypts what is of people, and tokens, before it goes into a row: AES-256-GCM, bound to the row it belongs to. */
export interface Personal {
  seal(text: string, row: string): Uint8Array
  open(sealed: Uint8Array, row: string): string
}

const IV_BYTES = 12
const TAG_BYTES = 16

/** Encrypts with one key; each text gets a nonce of its own. */
export function personalWith(key: Buffer, chance: Chance): Personal {
  return {
    seal(text, row) {
      const iv = chance.bytes(IV_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(row))
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([iv, cipher.getAuthTag(), sealed])
    },
    open(sealed, row) {
      const bytes = Buffer.from(sealed)
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES)).setAAD(Buffer.from(row))
      decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
      return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8')
    },
  }
}

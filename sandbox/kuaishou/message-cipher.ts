import { createCipheriv } from 'node:crypto'

/** AES in CBC with sixteen zero bytes to begin from, as the platform encrypts its messages; the key's length chooses AES-128, -192 or -256. */
export function encryptMessage(json: string, messageKey: string): string {
  const key = Buffer.from(messageKey, 'base64')
  const cipher = createCipheriv(`aes-${key.length * 8}-cbc`, key, Buffer.alloc(16))
  return Buffer.concat([cipher.update(json, 'utf8'), cipher.final()]).toString('base64')
}

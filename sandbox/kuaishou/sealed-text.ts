import { createCipheriv, createDecipheriv, createHash, createHmac } from 'node:crypto'
import type { App } from './world.js'

/**
 * A piece of an address as the platform gives it out: nobody but the platform reads it. The same text is always sealed
 * alike, so that two answers about one order are equal. How the platform really does it is not public.
 */
export function seal(app: App, text: string): string {
  const begin = createHmac('sha256', keyOf(app)).update(text).digest().subarray(0, 16)
  const cipher = createCipheriv('aes-256-ctr', keyOf(app), begin)
  return `$${Buffer.concat([begin, cipher.update(text, 'utf8'), cipher.final()]).toString('base64')}$`
}

/** What was sealed; null when it was not sealed here. */
export function unseal(app: App, sealed: string): string | null {
  const bytes = Buffer.from(sealed.replaceAll('$', ''), 'base64')
  if (bytes.length < 17) return null
  const decipher = createDecipheriv('aes-256-ctr', keyOf(app), bytes.subarray(0, 16))
  const text = Buffer.concat([decipher.update(bytes.subarray(16)), decipher.final()]).toString('utf8')
  return seal(app, text) === sealed ? text : null
}

function keyOf(app: App): Buffer {
  return createHash('sha256').update(`address ${app.appSecret}`).digest()
}

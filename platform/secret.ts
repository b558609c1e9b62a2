import { hkdfSync } from 'node:crypto'

/** One root secret, and from it one key for each purpose; a purpose's key tells nothing of another's. */
export interface Secrets {
  /** 32 bytes. Purposes are short fixed words: `token`, `gateway`, `link`, `salt`. */
  key(purpose: string): Buffer
}

export function secretsFrom(root: Uint8Array): Secrets {
  return { key: (purpose) => Buffer.from(hkdfSync('sha256', root, Buffer.alloc(0), `daihuo ${purpose}`, 32)) }
}

import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure } from '../../platform/failure.js'
import { secretsFrom, type Secrets } from '../../platform/secret.js'

/** The least length of a secret given by the environment: 32 bytes in hexadecimal. */
const HEX = /^[0-9a-f]{64,}$/i

/**
 * The installation's root secret: the one given (hexadecimal, grown form), else the file `key` under the data directory,
 * made at the first start with rights for its owner only.
 */
export async function rootSecret(
  dataDir: string,
  { make, given }: { readonly make: boolean; readonly given: string | null },
): Promise<Secrets> {
  if (given !== null && given !== '') {
    if (!HEX.test(given))
      throw new Failure('SETTINGS_WRONG', 'DAIHUO_SECRET must be at least 64 hexadecimal digits (openssl rand -hex 32)')
    return secretsFrom(Buffer.from(given, 'hex'))
  }
  const file = join(dataDir, 'key')
  const there = await readFile(file, 'utf8').catch(() => null)
  if (there !== null) return secretsFrom(Buffer.from(there.trim(), 'hex'))
  if (!make)
    throw new Failure(
      'SETTINGS_WRONG',
      `there is no key in ${dataDir}: start the shop first (npm start), or name its data with --data DIR`,
    )
  const fresh = randomBytes(32)
  await mkdir(dataDir, { recursive: true })
  await writeFile(file, `${fresh.toString('hex')}\n`, { mode: 0o600, flag: 'wx' })
  return secretsFrom(fresh)
}

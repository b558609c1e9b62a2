import { mkdir, rename, rm, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fields, json, text } from '../../platform/decode.js'
import { readFile } from 'node:fs/promises'
import { openPglite } from '../../platform/db/pglite.js'

/**
 * Makes a fresh embedded database once and keeps it under `.cache`: making one takes seconds, copying one a moment.
 * It is made aside and moved into place, so that two runs at once do no harm.
 */
export async function preparePglite(): Promise<string> {
  const dir = join('.cache', `pglite-${await version()}`)
  if (await exists(dir)) return dir
  const made = `${dir}.${process.pid}`
  await mkdir('.cache', { recursive: true })
  const db = await openPglite({ dir: made })
  await db.close()
  await rename(made, dir).catch(() => rm(made, { recursive: true, force: true }))
  return dir
}

async function version(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve('@electric-sql/pglite')
  const manifest = fields(
    json(await readFile(join(dirname(entry), '..', 'package.json'), 'utf8'), 'package'),
    'package',
  )
  return text(manifest['version'], 'package.version')
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

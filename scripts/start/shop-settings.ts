import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { projectRoot } from '../../platform/config/project-root.js'
import { json } from '../../platform/decode.js'

/** What our shop sets of a gateway, in whichever form it runs: the same file is what `npm run gateway -- --config` is told. */
export async function shopSettings(): Promise<unknown> {
  return json(await readFile(join(projectRoot(), 'schema/gateway.json'), 'utf8'), 'schema/gateway.json')
}

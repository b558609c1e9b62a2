import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { projectRoot } from '../../platform/config/project-root.js'

/** The committed supergraph, every subgraph at its address of today. */
export async function supergraphAt(urls: ReadonlyMap<string, string>): Promise<string> {
  const sdl = await readFile(join(projectRoot(), 'schema/supergraph.graphql'), 'utf8')
  return sdl.replace(
    /@join__graph\(name: "(\w+)", url: "[^"]*"\)/g,
    (_all, name: string) => `@join__graph(name: "${name}", url: "${urls.get(name) ?? ''}")`,
  )
}

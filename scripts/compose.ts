import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { REGISTRY } from '../subgraphs/registry.js'
import { ARROWS_PAGE, arrowsPage } from './compose/arrows-page.js'
import { brokenOperations, type OperationFile } from './compose/broken-operations.js'
import { CompositionFailed, printedSchemas, sdlOf, type Part } from './compose/printed-schemas.js'
import { describeAll } from './start/shop.js'
import { usualPort } from './start/usual-port.js'

const HELP = `npm run compose             prints schema/ and the pictures of docs/architecture.md from the code
npm run compose -- --check  says what is stale, and which client operation would break; writes nothing\n`

/** code -> schema/: each subgraph, the supergraph, what clients see. Client operations that no longer fit are told by name. */
async function main(): Promise<number> {
  const { values } = parseArgs({ options: { check: { type: 'boolean' }, help: { type: 'boolean' } } })
  if (values.help === true) return say(HELP, 0)
  const printed = printedSchemas(owners(), urlOf)
  const broken = brokenOperations(printed.api, await operations())
  const files = new Map([...printed.files, [ARROWS_PAGE, await arrowsPage()]])
  const stale = await staleFiles(files)
  if (values.check !== true) for (const path of stale) await write(path, files.get(path))
  const complaints = [
    ...broken,
    ...(values.check === true ? stale.map((path) => `${path} is stale: run npm run compose`) : []),
  ]
  if (complaints.length > 0) return say(`${complaints.join('\n')}\n`, 1)
  const written = values.check === true ? 'nothing is stale' : `${stale.length} files written`
  return say(`${REGISTRY.length} subgraphs compose; every client operation fits; ${written}\n`, 0)
}

/** Every subgraph but `node`, which is made from them. */
function owners(): readonly Part[] {
  return describeAll({})
    .filter(({ name }) => name !== 'node')
    .map(({ name, schema }) => ({ name, sdl: sdlOf(schema) }))
}

function urlOf(name: string): string {
  return `http://127.0.0.1:${usualPort(name)}/graphql`
}

async function operations(): Promise<readonly OperationFile[]> {
  const names = (await readdir('schema/operations')).filter((name) => name.endsWith('.graphql')).sort()
  return await Promise.all(
    names.map(async (name) => {
      const path = join('schema/operations', name)
      return { path, text: await readFile(path, 'utf8') }
    }),
  )
}

/** The files that are not as they are printed, and those of subgraphs that are no more. */
async function staleFiles(files: ReadonlyMap<string, string>): Promise<readonly string[]> {
  const stale: string[] = []
  for (const [path, text] of files) if ((await readFile(path, 'utf8').catch(() => null)) !== text) stale.push(path)
  const there = await readdir('schema/subgraphs').catch(() => [])
  return [...stale, ...there.map((name) => join('schema/subgraphs', name)).filter((path) => !files.has(path))]
}

async function write(path: string, text: string | undefined): Promise<void> {
  if (text === undefined) {
    await rm(path)
    return
  }
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
}

function say(text: string, code: number): number {
  ;(code === 0 ? process.stdout : process.stderr).write(text)
  return code
}

try {
  process.exitCode = await main()
} catch (error) {
  if (!(error instanceof CompositionFailed)) throw error
  process.exitCode = say(`${error.message}\n`, 1)
}

import { readFile } from 'node:fs/promises'
import { cruise, type ICruiseResult } from 'dependency-cruiser'
import { gatewayRoomOf, houseOf, picture, redrawn, type Arrow } from './arrows.js'

/** The page whose pictures of arrows are drawn from the code. */
export const ARROWS_PAGE = 'docs/architecture.md'

const HOUSES = ['platform', 'schema', 'subgraphs', 'gateway', 'sandbox', 'scripts']

/** The page as it should be: its words as they are, its pictures as the code is. */
export async function arrowsPage(): Promise<string> {
  const arrows = await arrowsOfTheCode()
  const pictures = new Map([
    ['house', picture(arrows, houseOf)],
    ['gateway', picture(arrows, gatewayRoomOf)],
  ])
  return redrawn(await readFile(ARROWS_PAGE, 'utf8'), pictures)
}

async function arrowsOfTheCode(): Promise<readonly Arrow[]> {
  const { output } = await cruise(HOUSES, {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.test\\.ts$|^test/|^dist/' },
    tsPreCompilationDeps: true,
  })
  // Without an output type the cruiser gives its result as it is, not a text.
  const { modules } = output as ICruiseResult
  return modules.flatMap(({ source, dependencies }) =>
    dependencies.map(({ resolved }) => ({ from: source, to: resolved })),
  )
}

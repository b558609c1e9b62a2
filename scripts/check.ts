import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { misnamed } from './house/names.js'

/**
 * `npm run check`: types, lint, directions, names, format, stale generated files, tests. Every check runs, also after one
 * has failed, and the end says which did. `--without tests` leaves one out; `--only lint` runs one.
 */
const root = resolve(import.meta.dirname, '../..')
const HOUSES = ['platform', 'schema', 'subgraphs', 'gateway', 'sandbox', 'scripts', 'test']

/** Each check's name, and what tells whether it passes. */
const CHECKS: readonly (readonly [string, () => boolean])[] = [
  ['types', () => tool('typescript/bin/tsc', '-p', 'tsconfig.json')],
  ['lint', () => tool('eslint/bin/eslint.js', '--max-warnings=0', ...HOUSES)],
  [
    'directions',
    () => tool('dependency-cruiser/bin/dependency-cruise.mjs', '--config', '.dependency-cruiser.cjs', ...HOUSES),
  ],
  ['names', namesAreGood],
  ['format', () => tool('prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.')],
  ['generated', () => node(resolve(root, 'dist/scripts/compose.js'), '--check')],
  ['tests', () => node(resolve(root, 'dist/scripts/test.js'))],
]

const words = process.argv.slice(2)
const [flag, name] = words
if (
  words.includes('--help') ||
  (flag !== undefined && !['--without', '--only'].includes(flag)) ||
  (flag !== undefined && !CHECKS.some(([known]) => known === name))
) {
  console.log(`npm run check -- [--without CHECK | --only CHECK]\nchecks: ${CHECKS.map(([known]) => known).join(', ')}`)
  process.exit(words.includes('--help') ? 0 : 1)
}
const chosen = CHECKS.filter(([known]) =>
  flag === '--only' ? known === name : flag === '--without' ? known !== name : true,
)
const failed = chosen.filter(([known, passes]) => {
  console.log(`— ${known}`)
  return !passes()
})
for (const [known] of failed) console.log(`✗ ${known}`)
console.log(
  failed.length === 0 ? `All ${chosen.length} checks pass.` : `${failed.length} of ${chosen.length} checks fail.`,
)
process.exit(failed.length === 0 ? 0 : 1)

function namesAreGood(): boolean {
  const listed = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard', ...HOUSES], {
    cwd: root,
    encoding: 'utf8',
  })
  const paths = listed.stdout.split('\0').filter((path) => /\.(ts|tsx|mjs)$/.test(path))
  const complaints = misnamed(
    paths.map((path) => ({ path, lines: readFileSync(resolve(root, path), 'utf8').split('\n').length - 1 })),
  )
  for (const complaint of complaints) console.log(complaint)
  return complaints.length === 0 && paths.length > 0
}

function tool(program: string, ...args: readonly string[]): boolean {
  return node(resolve(root, 'node_modules', program), ...args)
}

function node(file: string, ...args: readonly string[]): boolean {
  return (
    spawnSync(process.execPath, [file, ...args], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] }).status === 0
  )
}

// Runs a script of ours on a machine that has only Node and npm: installs what the lock file names, compiles what changed,
// then hands over in this same process. `node scripts/launch.mjs scripts/start.ts --port 4000`
import { statSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const root = resolve(import.meta.dirname, '..')
/** @type {readonly [number, number]} */
const LEAST = [20, 19]

refuseOldNode()
installWhatIsMissing()
compile()
const [target = 'scripts/start.ts', ...rest] = process.argv.slice(2)
await run(target.endsWith('.ts') ? join(root, 'dist', target.replace(/\.ts$/, '.js')) : join(root, target), rest)

function refuseOldNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > LEAST[0] || (major === LEAST[0] && minor >= LEAST[1])) return
  console.error(`Daihuo needs Node ${LEAST.join('.')} or newer; this is ${process.versions.node}.`)
  process.exit(1)
}

/** npm writes its own hidden lock file last; one that is older than ours means that ours has changed since. */
function installWhatIsMissing() {
  const installed = statSync(join(root, 'node_modules/.package-lock.json'), { throwIfNoEntry: false })
  if (installed !== undefined && installed.mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs) return
  console.error('Installing the packages of the lock file (once)…')
  const npm = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  })
  if (npm.status !== 0) {
    console.error('npm could not install the packages; its own words are above.')
    process.exit(npm.status ?? 1)
  }
}

/** Types are the check's business; here they are only taken off. */
function compile() {
  const tsc = spawnSync(
    process.execPath,
    [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'],
    {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  )
  if (tsc.status !== 0) process.exit(tsc.status ?? 1)
}

/**
 * @param {string} file
 * @param {readonly string[]} args
 */
async function run(file, args) {
  process.argv = [process.execPath, file, ...args]
  await import(pathToFileURL(file).href)
}

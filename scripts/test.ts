import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { missingServers } from './house/servers.js'

/**
 * `npm test`: brings the servers that the suites need (PostgreSQL, Redis and Chromium, from Debian's packages, where that is
 * allowed), runs every suite, and closes with the line `N passed, N failed`. What is named on the command line goes to Vitest.
 */
const root = resolve(import.meta.dirname, '../..')
const report = resolve(root, '.cache/test-report.json')

for (const { name, reason } of missingServers())
  console.error(`${name} is not there: ${reason}. Its suites ${process.env['CI'] === 'true' ? 'fail' : 'are skipped'}.`)

mkdirSync(resolve(root, '.cache'), { recursive: true })
const vitest = spawnSync(
  process.execPath,
  [
    resolve(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] },
)
const counted = JSON.parse(readFileSync(report, 'utf8')) as {
  numPassedTests: number
  numFailedTests: number
  numFailedTestSuites: number
  numPendingTests: number
}
const failed = Math.max(counted.numFailedTests, vitest.status === 0 ? 0 : 1)
const skipped = counted.numPendingTests > 0 ? `, ${counted.numPendingTests} skipped` : ''
console.log(`${counted.numPassedTests} passed, ${failed} failed${skipped}`)
process.exit(failed > 0 ? 1 : 0)

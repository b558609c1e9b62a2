import { helpFor, readSettings, wholeBetween, yesOrNo } from '../platform/config/read-settings.js'
import { differential, type Finding } from '../test/federation/random/differential.js'
import { printCase } from '../test/federation/random/print-case.js'

/**
 * `npm run federation:random`: random operations on random graphs, answered by the engine and by one schema; prints what differs, as
 * small as it goes and as a case to paste. Ends with 1 when anything differs.
 */
const SETTINGS = {
  help: { flag: 'help', alone: true, read: yesOrNo, default: false, about: 'shows this' },
  operations: {
    flag: 'operations',
    read: wholeBetween(1, 100_000_000),
    default: 2_000,
    about: 'how many, at the least',
  },
  seed: {
    flag: 'seed',
    read: wholeBetween(0, 2_000_000_000),
    default: Date.now() % 1_000_000,
    about: 'of the first graph; each next one has the next',
  },
  findings: { flag: 'findings', read: wholeBetween(1, 10_000), default: 3, about: 'after how many it stops' },
  defer: { flag: 'defer', alone: true, read: yesOrNo, default: false, about: 'with @defer, in parts of both forms' },
} as const
const EVERY_MS = process.stderr.isTTY ? 500 : 15_000

const { help, ...settings } = readSettings(SETTINGS, { args: process.argv.slice(2), env: process.env })
if (help) {
  console.log(`npm run federation:random -- [--operations N] [--seed S] [--defer]\n\n${helpFor(SETTINGS)}`)
} else process.exitCode = await run()

async function run(): Promise<number> {
  const { operations: wanted, seed, findings: mostFindings, defer: defers } = settings
  console.log(`seed ${seed}: ${wanted} operations${defers ? ' with @defer' : ''}`)
  const line = progressLine(wanted)
  const { graphs, operations, findings } = await differential(seed, wanted, {
    mostFindings,
    defers,
    onAsk: line.asked,
    onFinding: line.found,
  })
  line.end()
  for (const finding of findings) await tell(finding, defers)
  console.log(`seed ${seed}: ${operations} operations on ${graphs} graphs, ${findings.length} differ`)
  return findings.length === 0 ? 0 : 1
}

async function tell(finding: Finding, defers: boolean): Promise<void> {
  const again = `npm run federation:random -- --seed ${finding.seed} --operations 1${defers ? ' --defer' : ''}`
  console.log(`\n// ${again}\n${await printCase(finding)}`)
}

interface ProgressLine {
  readonly asked: () => void
  readonly found: () => void
  readonly end: () => void
}

/** Done of all, how fast, findings, and how long it still takes: over itself on a terminal, else a line now and then. */
function progressLine(total: number): ProgressLine {
  const begun = performance.now()
  let [done, found, told] = [0, 0, begun]
  const tellNow = (): void => {
    const perSecond = (done / Math.max(1, performance.now() - begun)) * 1000
    const eta = Math.max(0, Math.round((total - done) / Math.max(perSecond, 0.001)))
    const text = `${done}/${total}  ${perSecond.toFixed(0)} operations/s  findings ${found}  eta ${eta} s`
    process.stderr.write(process.stderr.isTTY ? `\r${text}\u001b[K` : `${text}\n`)
  }
  return {
    asked() {
      done++
      if (performance.now() - told < EVERY_MS) return
      told = performance.now()
      tellNow()
    },
    found() {
      found++
    },
    end() {
      tellNow()
      if (process.stderr.isTTY) process.stderr.write('\n')
    },
  }
}

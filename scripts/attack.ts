import { Worker } from 'node:worker_threads'
import { request } from 'undici'
import { anyText, helpFor, oneWordOf, readSettings, wholeBetween, yesOrNo } from '../platform/config/read-settings.js'
import { FUZZED } from '../test/fuzz/graph.js'
import { HOSTILE, type Hostile } from '../test/fuzz/hostile.js'
import { openTarget } from '../test/fuzz/target.js'

/** `npm run attack`: one hostile input after the other from a client that does nothing else, and how long the small queries of another waited meanwhile. */
const SETTINGS = {
  help: { flag: 'help', alone: true, read: yesOrNo, default: false, about: 'shows this' },
  profile: { flag: 'profile', read: oneWordOf('open', 'strict'), default: 'strict', about: 'of the gateway' },
  ms: { flag: 'ms', read: wholeBetween(100, 600_000), default: 1_000, about: 'for each input' },
  only: { flag: 'only', read: anyText, default: '', about: 'the inputs whose names have this in them' },
  hands: { flag: 'hands', read: wholeBetween(1, 1_000), default: 2, about: 'requests of the attacker at a time' },
} as const
const { help, profile, ms, hands, only } = readSettings(SETTINGS, { args: process.argv.slice(2), env: process.env })
if (help) {
  console.log(`npm run attack -- [--profile open] [--ms N] [--hands N] [--only TEXT]\n\n${helpFor(SETTINGS)}`)
  process.exit()
}

/** The longest that others may wait. */
const MOST_WAIT_MS = 300

const target = await openTarget(FUZZED, { profile, config: { overload: { lateMs: 0 } } })
const probe = new Worker(new URL('../test/fuzz/probe.js', import.meta.url), { workerData: { url: target.url } })
await waitsOf(300)
const quiet = await waitsOf(ms)
console.log(
  `| input (${profile} profile, ${hands} at a time) | answered | others waited, median | p99 | longest | heap |`,
)
console.log('| --- | --- | --- | --- | --- | --- |')
row('nothing', 0, quiet, (await target.weigh()).heap)
let worst = 0
for (const hostile of HOSTILE.filter(({ name }) => name.includes(only))) {
  const [answered, waits] = await Promise.all([attack(hostile), waitsOf(ms)])
  worst = Math.max(worst, row(hostile.name, answered, waits, (await target.weigh()).heap))
}
console.log(`\nthe longest wait was ${worst.toFixed(0)} ms; ${MOST_WAIT_MS} are allowed`)
await probe.terminate()
await target.stop()
process.exit(worst <= MOST_WAIT_MS ? 0 : 1)

async function attack({ query, variables = {}, body }: Hostile): Promise<number> {
  const bytes = body ?? JSON.stringify({ query, variables })
  const until = performance.now() + ms
  let answered = 0
  const hand = async (): Promise<void> => {
    while (performance.now() < until) {
      // A comment makes each a document that nobody has seen.
      const unseen = bytes.replace('{"query":"', `{"query":"#${Math.random()}\\n`)
      const headers = { 'content-type': 'application/json' }
      const answer = await request(`${target.url}/graphql`, { method: 'POST', headers, body: unseen }).catch(hungUp)
      await answer?.body.dump({ limit: 100_000_000 }).catch(hungUp)
      answered++
    }
  }
  await Promise.all(Array.from({ length: hands }, hand))
  return answered
}

/** A body that is too large is refused before its end, and who goes on writing finds the line cut: an answer too. */
function hungUp(fault: unknown): undefined {
  const code = fault instanceof Error && 'code' in fault ? fault.code : null
  if (code !== 'EPIPE' && code !== 'ECONNRESET' && code !== 'UND_ERR_SOCKET') throw fault
}

/** What the probe waited in the next while. */
async function waitsOf(forMs: number): Promise<readonly number[]> {
  await asked()
  await new Promise((resolve) => setTimeout(resolve, forMs))
  return await asked()
}

function asked(): Promise<readonly number[]> {
  return new Promise((resolve) => {
    probe.once('message', (waits: readonly number[]) => resolve(waits))
    probe.postMessage('tell')
  })
}

function row(name: string, answered: number, waits: readonly number[], heap: number): number {
  const sorted = [...waits].sort((a, b) => a - b)
  const at = (part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Infinity
  const shown = [at(0.5), at(0.99), at(1)].map((wait) => `${wait.toFixed(0)} ms`)
  console.log(`| ${name} | ${answered} | ${shown.join(' | ')} | ${(heap / 1_048_576).toFixed(0)} MB |`)
  return at(1)
}

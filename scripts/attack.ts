import { Worker } from 'node:worker_threads'
import { anyText, helpFor, oneWordOf, readSettings, wholeBetween, yesOrNo } from '../platform/config/read-settings.js'
import { FUZZED } from '../test/fuzz/graph.js'
import { HOSTILE, type Hostile } from '../test/fuzz/hostile.js'
import { SENDERS, type Sender } from '../test/fuzz/send-hostile.js'
import { openTarget } from '../test/fuzz/target.js'

/**
 * `npm run attack`: one hostile input after the other from a client that does nothing else, by requests and over a socket: how long the
 * small queries of another waited meanwhile, whether anything was answered with a fault of the gateway's own, and what its heap holds.
 */
const SETTINGS = {
  help: { flag: 'help', alone: true, read: yesOrNo, default: false, about: 'shows this' },
  profile: { flag: 'profile', read: oneWordOf('open', 'strict'), default: 'strict', about: 'of the gateway' },
  ms: { flag: 'ms', read: wholeBetween(100, 600_000), default: 1_000, about: 'for each input' },
  way: { flag: 'way', read: oneWordOf('both', 'POST', 'WebSocket'), default: 'both', about: 'of the attacker' },
  only: { flag: 'only', read: anyText, default: '', about: 'the inputs whose names have this in them' },
  hands: { flag: 'hands', read: wholeBetween(1, 1_000), default: 2, about: 'requests of the attacker at a time' },
} as const
const { help, profile, ms, hands, way, only } = readSettings(SETTINGS, {
  args: process.argv.slice(2),
  env: process.env,
})
if (help) {
  console.log(
    `npm run attack -- [--profile open] [--ms N] [--hands N] [--way WebSocket] [--only TEXT]\n\n${helpFor(SETTINGS)}`,
  )
  process.exit()
}

/** The longest that others may wait. */
const MOST_WAIT_MS = 300
/** What the heap may hold more than before, after a collection: its caches, filled to their bounds. */
const MOST_GROWN_MB = 128

const target = await openTarget(FUZZED, { profile, config: { overload: { lateMs: 0 } } })
const probe = new Worker(new URL('../test/fuzz/probe.js', import.meta.url), { workerData: { url: target.url } })
await waitsOf(300)
const quiet = await waitsOf(ms)
console.log(
  `| input (${profile} profile, ${hands} at a time) | answered | others waited, median | p99 | longest | heap |`,
)
console.log('| --- | --- | --- | --- | --- | --- |')
const before = (await target.weigh()).heap
row('nothing', 0, quiet, before)
let longest = 0
let heaviest = 0
const faults: string[] = []
for (const [name, senderTo] of Object.entries(SENDERS).filter(([one]) => way === 'both' || way === one))
  for (const hostile of HOSTILE.filter((one) => one.name.includes(only))) {
    const [answered, waits] = await Promise.all([attack(hostile, senderTo), waitsOf(ms)])
    const { heap } = await target.weigh()
    heaviest = Math.max(heaviest, heap)
    longest = Math.max(longest, row(`${hostile.name}, ${name}`, answered, waits, heap))
  }
const grown = (heaviest - before) / 1_048_576
console.log(`\nthe longest wait was ${longest.toFixed(0)} ms; ${MOST_WAIT_MS} are allowed`)
console.log(`the heap grew by ${grown.toFixed(0)} MB; ${MOST_GROWN_MB} are allowed`)
console.log(`faults of the gateway's own: ${faults.length}${faults.map((one) => `\n  ${one}`).join('')}`)
const isAlive = target.alive()
if (!isAlive) console.log('the gateway is gone')
await probe.terminate()
await target.stop()
process.exit(longest <= MOST_WAIT_MS && grown <= MOST_GROWN_MB && faults.length === 0 && isAlive ? 0 : 1)

/** How often it was answered. */
async function attack(
  { name, query, variables = {}, body }: Hostile,
  senderTo: (url: string) => Sender,
): Promise<number> {
  const bytes = body ?? JSON.stringify({ query, variables })
  const until = performance.now() + ms
  let answered = 0
  const hand = async (): Promise<void> => {
    const sender = senderTo(target.url)
    while (performance.now() < until) {
      // A comment makes each a document that nobody has seen.
      const wrong = await sender.send(bytes.replace('{"query":"', `{"query":"#${Math.random()}\\n`))
      if (wrong !== null) faults.push(`${name}: ${wrong}`)
      answered++
    }
    sender.stop()
  }
  await Promise.all(Array.from({ length: hands }, hand))
  return answered
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

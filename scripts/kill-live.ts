import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { helpFor, readSettings, wholeBetween } from '../platform/config/read-settings.js'
import { killLive, type LiveOutcome } from '../test/kill/live-evening.js'
import { progress } from './client/progress.js'
import { postgresPrograms, redisProgram } from './house/servers.js'

/**
 * `npm run kill:live -- --seed 1 --rounds 3 --events 10000`: a room that is watched on two gateways while gateways, subgraphs, Redis and
 * PostgreSQL are killed. Prints what came of each round, and ends with 1 when a viewer did not end with the published history.
 */
const SETTINGS = {
  seed: { flag: 'seed', read: wholeBetween(0, 1_000_000), default: 1, about: 'the seed of the first round' },
  rounds: { flag: 'rounds', read: wholeBetween(1, 10_000), default: 1, about: 'how many rounds' },
  events: { flag: 'events', read: wholeBetween(1, 1_000_000), default: 10_000, about: 'events in a round' },
  viewers: { flag: 'viewers', read: wholeBetween(1, 1_000), default: 12, about: 'who watch' },
  kills: { flag: 'kills', read: wholeBetween(0, 1_000), default: 16, about: 'killings in a round' },
  leaving: {
    flag: 'leaving',
    read: share,
    default: 0.005,
    about:
      'after which share of what he hears a viewer cuts his line and comes back, perhaps to the other gateway; 0.1 at night',
  },
}

if (process.argv.includes('--help')) console.log(`npm run kill:live -- [settings]\n\n${helpFor(SETTINGS)}`)
else process.exitCode = await run()

type Size = Readonly<Record<keyof typeof SETTINGS, number>>

async function run(): Promise<number> {
  const size = readSettings(SETTINGS, { args: process.argv.slice(2), env: process.env })
  if (postgresPrograms() === null || redisProgram() === null) {
    console.log('PostgreSQL or Redis is not installed')
    return 1
  }
  let bad = 0
  for (let seed = size.seed; seed < size.seed + size.rounds; seed++) bad += tell(seed, await round(seed, size))
  return bad === 0 ? 0 : 1
}

async function round(seed: number, size: Size): Promise<LiveOutcome> {
  const dir = await mkdtemp(join(tmpdir(), 'daihuo-kill-live-'))
  const bar = progress('events')
  bar.begin(size.events)
  let acknowledged = 0
  try {
    return await killLive({
      ...{ ...size, seed, dir },
      progress: {
        add(count) {
          acknowledged += count
          bar.add(count)
        },
        killed: (part) => mention(`${acknowledged} events, then ${part} is killed`),
      },
    })
  } finally {
    bar.stop()
    await rm(dir, { recursive: true, force: true })
  }
}

function share(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !(value >= 0 && value <= 1)) throw new Error('a number from 0 to 1')
  return value
}

/** Where no bar is drawn. */
function mention(words: string): void {
  if (!process.stderr.isTTY) console.error(words)
}

function tell(seed: number, { killed, published, visits, gaps, empty, complaints }: LiveOutcome): number {
  console.log(
    `seed ${seed}: ${published} published, ${visits} visits, ${gaps} gaps, ${empty} asked again; killed ${killed.join(', ')}`,
  )
  for (const complaint of complaints) console.log(`  ${complaint}`)
  if (complaints.length === 0) console.log('  everybody ended with the published history')
  return complaints.length === 0 ? 0 : 1
}

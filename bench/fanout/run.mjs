// Live events for a crowd: our gateway beside Hive Gateway (both planners) and beside the limit, a bare `ws` server that gives one
// frame to all. The measured process has core 0, viewers and subgraphs have core 1. `--help` tells the forms.
import { execFileSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { stopped } from '../gateway/processes.mjs'
import { goalsOf, isMissed, printGoals, printRows } from './goals.mjs'
import { startSubgraphs, supergraphFile } from './live.mjs'
import { measured } from './measure.mjs'
import { GROWTH, one, STALLED, WHOLE } from './scenes.mjs'

const HELP = `npm run bench:fanout                        the whole: 1,000 and 10,000 viewers, ours, the limit and Hive with both planners; within 8 minutes
npm run bench:fanout -- --growth            ours at 100 to 25,000 viewers beside the limit, at 1 to 1,000 groups and at 1 to 1,000 rooms; 8 minutes
npm run bench:fanout -- --stalled           100 viewers who are told 500 events a second, without and with one who reads no more; 2 minutes
npm run bench:fanout -- --viewers 1000 …    one scene of your own:
  --viewers 1000   --rate 10 (events a second)   --events 100   --groups 1   --rooms 1 (each tells an event in each of the rounds)
  --gateways daihuo,limit,hive,hive-rust         --rounds 2     --workers 1 (of ours)

for all of them
  --minutes 8      peers are given what is left of it, at most a minute each; ours and the limit are always measured
  --patience 180   the most seconds for one gateway in one round of a scene of your own
  --node FLAGS     flags of Node for our gateway, like --cpu-prof
  --json FILE      everything that was measured
It ends with 1 when ours missed a goal.`

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    growth: { type: 'boolean', default: false },
    stalled: { type: 'boolean', default: false },
    viewers: { type: 'string' },
    rate: { type: 'string', default: '10' },
    events: { type: 'string', default: '100' },
    gateways: { type: 'string', default: 'daihuo,limit,hive,hive-rust' },
    groups: { type: 'string', default: '1' },
    rooms: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '2' },
    workers: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '8' },
    patience: { type: 'string', default: '180' },
    node: { type: 'string', default: '' },
    json: { type: 'string' },
  },
})
if (values.help) {
  console.log(HELP)
  process.exit()
}
const scenes = scenesOf(values)
prepare()
const endsAt = performance.now() + Number(values.minutes) * 60_000
const world = { supergraph: supergraphFile(), flags: values.node.split(' ').filter(Boolean) }
const subgraphs = await startSubgraphs()
const results = []
try {
  for (const scene of scenes) {
    await play(scene)
    printRows(results.filter((result) => result.scene === scene))
  }
} finally {
  await stopped(subgraphs)
}
const goals = goalsOf(results)
printGoals(goals)
if (values.json) {
  const written = results.map(({ scene, ...result }) => ({ scene: scene.title, ...result }))
  writeFileSync(values.json, JSON.stringify({ node: process.version, values, results: written, goals }, null, 1))
}
process.exit(goals.some(isMissed) ? 1 : 0)

function scenesOf({ growth, stalled, viewers }) {
  if (growth) return GROWTH
  if (stalled) return STALLED
  return viewers === undefined ? WHOLE : [one(values)]
}

/** Alternating rounds; a peer that has no more time, or none in sight, is told so. */
async function play(scene) {
  for (let round = 1; round <= scene.rounds; round++)
    for (const asked of scene.gateways) {
      if (round > (asked.rounds ?? scene.rounds)) continue
      const leftMs = endsAt - performance.now()
      const isPeer = asked.name.startsWith('hive')
      const patience = isPeer ? Math.min(asked.patience ?? Infinity, leftMs / 1_000 - 5) : (asked.patience ?? 180)
      console.error(`${scene.title}: ${asked.name}, round ${round}`)
      const result =
        patience < 15
          ? { failed: `not measured: ${values.minutes} minutes were over` }
          : await measured({ ...scene, ...asked, patience }, world).catch((error) => ({ failed: String(error).trim() }))
      results.push({ scene, round, gateway: asked.name, ...result })
      console.log(JSON.stringify({ ...results.at(-1), scene: scene.title }))
    }
}

/** The peers' packages come at the first run. */
function prepare() {
  const bench = join(import.meta.dirname, '..')
  const needsPeers = scenes.some(({ gateways }) => gateways.some(({ name }) => name.startsWith('hive')))
  if (!needsPeers || existsSync(join(bench, 'node_modules/@graphql-hive'))) return
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  execFileSync('npm', args, { cwd: bench, stdio: 'inherit' })
}

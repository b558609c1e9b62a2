import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { projectRoot } from '../../platform/config/project-root.js'
import { fields, json, list, text } from '../../platform/decode.js'
import { seededChance } from '../../platform/time/chance.js'
import { pause } from '../../platform/time/clock.js'
import type { Ground } from '../../subgraphs/host/subgraph.js'
import { importFile } from '../import/import-file.js'
import type { Sandboxes } from '../start/sandboxes.js'
import type { Shop } from '../start/shop.js'
import { gatherCast, type Cast } from './cast.js'
import { startPeople } from './people.js'
import { goodsOf, setUp, type Goods, type Stage } from './set-up.js'

/** What the demo is played in and by. */
export interface DemoParts {
  readonly shop: Shop
  readonly ground: Ground
  readonly sandboxes: Sandboxes
  /** Where the demo remembers its room. */
  readonly dir: string
  readonly seed: number
  readonly say: (line: string) => void
}

export interface Demo {
  readonly room: string
  stop(): Promise<void>
}

const GOODS_TRIES = 100

/** At the first start: samples imported, a room live, a contest open. Then, and at every later start, its people come. */
export async function startDemo(parts: DemoParts): Promise<Demo> {
  const { shop, ground, dir, say } = parts
  const file = join(dir, 'demo.json')
  const cast = await gatherCast(shop)
  const kept = await readFile(file, 'utf8').catch(() => null)
  if (kept === null) {
    say('Setting the demo up: samples, a live room, a contest…')
    await importSamples(cast)
  }
  const goods = await stockedGoods(cast, ground)
  const stage =
    kept === null
      ? await setUp(cast, goods, { clock: ground.clock, consent: (account) => parts.sandboxes.weibo.consent(account) })
      : stageOf(kept)
  if (kept === null) await writeFile(file, JSON.stringify(stage))
  const play = { cast, stage, goods, clock: ground.clock, chance: seededChance(parts.seed), observer: ground.observer }
  const stopPeople = startPeople(play)
  return {
    room: stage.room,
    stop() {
      stopPeople()
      return Promise.resolve()
    },
  }
}

async function importSamples({ operator }: Cast): Promise<void> {
  const watcher = { begin: () => undefined, add: () => undefined }
  const consignment = { seller: 'daihuo', selfOperated: true, currency: 'CNY' }
  await importFile(join(projectRoot(), 'scripts/sample/products.csv'), { ask: operator.ask, consignment, watcher })
}

/** Prices and stock come by events a moment after the products. */
async function stockedGoods(cast: Cast, { clock }: Ground): Promise<readonly Goods[]> {
  for (let tries = 0; tries < GOODS_TRIES; tries++) {
    const goods = await goodsOf(cast)
    if (goods.length >= 8) return goods
    await pause(clock, 50)
  }
  return await goodsOf(cast)
}

function stageOf(kept: string): Stage {
  const it = fields(json(kept, 'demo.json'), 'demo.json')
  return {
    room: text(it['room'], 'room'),
    campaign: text(it['campaign'], 'campaign'),
    links: list(it['links'], 'links', (link, place) => text(link, place)),
  }
}

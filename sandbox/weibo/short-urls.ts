import { pause } from '../../platform/time/clock.js'
import { Refused } from './refusal.js'
import type { Asked } from './statuses.js'
import type { World } from './world.js'

const MOST_URLS = 20

/** The old short links; for apps with the switch `legacy` only. */
export function shorten(world: World, { params }: Asked): unknown {
  const long = urls(world, params, 'url_long')
  return {
    urls: long.map((address) => {
      const result = URL.canParse(address)
      return { url_short: result ? shortOf(world, address) : '', url_long: address, type: 0, result }
    }),
  }
}

/** How often each short link was followed; unknown ones were not. */
export function clicks(world: World, { params }: Asked): unknown {
  const short = urls(world, params, 'url_short')
  return {
    urls: short.map((address) => ({
      url_short: address,
      clicks: String(world.memory.shortUrls.get(address)?.clicks ?? 0),
    })),
  }
}

/** A topic's figures, from the business interface; for apps with a contract only. */
export async function topics(world: World, { params }: Asked): Promise<unknown> {
  const { app, faults, chance, clock } = world
  if (!app.business) throw new Refused(10014)
  const topic = params.get('q') ?? ''
  if (topic === '') throw new Refused(10016, 'q')
  if (faults.happens('slow')) await pause(clock, 700)
  // Equal questions get answers that differ by up to 5 %.
  const read = Math.floor(300_000_000 * (0.95 + chance.fraction() * 0.1))
  return {
    result: [
      {
        object_id: `1022:100808${topic.length}`,
        title: topic,
        ...(faults.happens('red') ? { red: read } : { read }),
        mention: Math.floor(read / 100),
      },
    ],
  }
}

function urls({ app }: World, params: URLSearchParams, name: string): readonly string[] {
  if (!app.legacy) throw new Refused(10020)
  const given = params.getAll(name)
  if (given.length === 0) throw new Refused(21501)
  if (given.length > MOST_URLS) throw new Refused(21502)
  return given
}

function shortOf({ memory }: World, long: string): string {
  const known = [...memory.shortUrls].find(([, target]) => target.long === long)
  if (known !== undefined) return known[0]
  const short = `http://t.cn/demo${String(memory.shortUrls.size + 1).padStart(4, '0')}`
  memory.shortUrls.set(short, { long, clicks: 0 })
  return short
}

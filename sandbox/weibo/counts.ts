import { Refused } from './refusal.js'
import type { Asked } from './statuses.js'
import { seen, type Status, type World } from './world.js'

const MOST_IDS = 100

/** Figures of up to 100 posts. What does not exist, was deleted or cannot be seen yet is left out without a word. */
export function count(world: World, { params }: Asked): unknown {
  const ids = (params.get('ids') ?? '').split(',').filter((id) => id !== '')
  if (ids.length === 0) throw new Refused(20001)
  if (ids.length > MOST_IDS) throw new Refused(20009)
  return ids.flatMap((id) => {
    const status = seen(world, id)
    return status === null || world.faults.happens('missing') ? [] : [figures(world, status)]
  })
}

function figures({ faults, chance }: World, { id, reposts, comments, attitudes }: Status): object {
  const behind = faults.happens('stale') ? chance.fraction() : 1
  const now = (figure: number): number => Math.floor(figure * behind)
  const fewer = faults.happens('falling') ? 1 : 0
  return {
    id: BigInt(id),
    comments: Math.max(0, now(comments) - fewer),
    reposts: now(reposts),
    attitudes: now(attitudes),
  }
}

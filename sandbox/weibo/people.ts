import { call } from '../../platform/http/call.js'
import { pause } from '../../platform/time/clock.js'
import { seen, type Status, type World } from './world.js'

/** How often somebody does something, in milliseconds. */
const BETWEEN_MS = { least: 3_000, spread: 7_000 }

/** What a browser of these people calls itself. */
const AGENT =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Weibo (iPhone17,1__weibo__14.11.0)'

/** How the people of the network behave. */
export interface PeopleOptions {
  /** Whether they follow the links in posts; else they only like and repost. */
  readonly follow: boolean
  /** Where a followed link has led to; who is told so may buy there. */
  readonly led?: (saleAddress: string) => Promise<void>
}

/** People who read posts: they like, repost, comment, take a comment back, and follow links. */
export function startPeople(world: World, options: PeopleOptions): () => void {
  const ending = new AbortController()
  const over = (): boolean => ending.signal.aborted
  void live()
  return () => ending.abort()

  async function live(): Promise<void> {
    while (!over()) {
      await pause(world.clock, BETWEEN_MS.least + world.chance.fraction() * BETWEEN_MS.spread)
      const status = somePost(world)
      if (over() || status === null) continue
      react(world, status)
      // A link that leads nowhere is no fault of the demo.
      if (options.follow) await followLinks(status, options).catch(() => null)
    }
  }
}

/** One reading of a post, as a test may ask for it. */
export function react({ chance, faults }: World, status: Status): void {
  status.attitudes += 1 + Math.floor(chance.fraction() * 3)
  if (chance.fraction() < 0.5) status.reposts++
  if (chance.fraction() < 0.3) status.comments++
  if (faults.happens('deleted')) status.deleted = true
}

/** Follows the links of a post as a person would; gives where they have led to. */
export async function followLinks({ text }: Status, { led }: Pick<PeopleOptions, 'led'>): Promise<readonly string[]> {
  const sales: string[] = []
  for (const url of text.match(/https?:\/\/\S+/g) ?? []) {
    const headers = { 'user-agent': AGENT }
    const answer = await call({ url, method: 'GET', headers, timeoutMs: 5_000, mostBytes: 100_000 })
    const location = answer.headers.get('location')
    if (location === undefined) continue
    const sale = new URL(location, url).toString()
    sales.push(sale)
    await led?.(sale)
  }
  return sales
}

function somePost(world: World): Status | null {
  const posts = [...world.memory.statuses.values()].slice(-200)
  const post = posts[Math.floor(world.chance.fraction() * posts.length)]
  return post === undefined ? null : seen(world, post.id)
}

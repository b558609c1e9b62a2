import { Refused } from './refusal.js'
import { seen, type Status, type World } from './world.js'

/** Whose token it is, and what was asked. */
export interface Asked {
  readonly uid: string
  readonly params: URLSearchParams
  readonly address: string
}

/** Posts for an account. Nothing here is idempotent: only the same text again within a while is refused. */
export function share(world: World, { uid, params }: Asked): unknown {
  const { memory, chance, clock, faults } = world
  const text = params.get('status') ?? ''
  refuseText(world, text)
  const now = clock.now().getTime()
  const repeated = [...memory.statuses.values()].some(
    (known) => known.uid === uid && known.text === text && now - known.at < REPEATED_MS,
  )
  if (repeated) throw new Refused(20019)
  const late = faults.happens('late')
  const status: Status = {
    id: newId(world),
    ...{ uid, text, at: now },
    appearsAt: late ? now + 60_000 + Math.floor(chance.fraction() * 60_000) : now,
    ...{ deleted: false, reposts: 0, comments: 0, attitudes: 0 },
  }
  memory.statuses.set(status.id, status)
  if (late) throw new Refused(20032)
  if (faults.happens('lost-answer')) throw new Refused(10001)
  return shown(world, status)
}

/** One post, of anybody. */
export function show(world: World, { params }: Asked): unknown {
  const status = seen(world, params.get('id') ?? '')
  if (status === null) throw new Refused(20101)
  return shown(world, status)
}

/** Who an account is, with the newest post of its own. */
export function showUser(world: World, { params, uid: own }: Asked): unknown {
  const uid = params.get('uid') ?? own
  if (!/^\d{5,12}$/.test(uid)) throw new Refused(20003)
  const posts = [...world.memory.statuses.values()].filter(
    (status) => status.uid === uid && seen(world, status.id) !== null,
  )
  const newest = posts.at(-1)
  return {
    ...author(uid),
    statuses_count: posts.length,
    ...(newest !== undefined && { status: { ...shown(world, newest), user: undefined } }),
  }
}

/** A text that was posted this recently is refused as a repetition; our choice. */
const REPEATED_MS = 3_600_000

function refuseText({ app }: World, text: string): void {
  if (text.trim() === '') throw new Refused(20008)
  if (/#[^#]+#/.test(text)) throw new Refused(10017)
  if (weighed(text) > 140) throw new Refused(20012)
  const links = text.match(/https?:\/\/[^\s]+/g) ?? []
  const hosts = links.map((link) => (URL.canParse(link) ? new URL(link).hostname : ''))
  const safe = (host: string): boolean =>
    app.safeDomains.some((domain) => host === domain || host.endsWith(`.${domain}`))
  if (hosts.length === 0 || !hosts.every(safe)) throw new Refused(20018)
}

/** A Chinese character counts 1, a Latin one a half. */
function weighed(text: string): number {
  const latin = text.replace(/[^\x20-\x7e]/g, '').length
  return text.length - Math.floor(latin / 2)
}

/** Like real ones growing and beyond 2^53; always odd, so that whoever reads it as a double gets another. */
function newId(world: World): string {
  const { clock, chance, memory } = world
  const id = (
    BigInt(clock.now().getTime()) * 10_000n +
    BigInt(Math.floor(chance.fraction() * 5_000) * 2 + 1)
  ).toString()
  return memory.statuses.has(id) ? newId(world) : id
}

/** The network's own form. The documentation's sample has an `id` that was rounded: only `idstr` and `mid` can be relied on. */
function shown({ faults }: World, { id, uid, text, at, reposts, comments, attitudes }: Status): object {
  return {
    created_at: chinaTime(at),
    id: BigInt(id),
    mid: id,
    idstr: id,
    text: faults.happens('shortened') ? text.replace(/https?:\/\/\S+/g, 'http://t.cn/A6xYz7Q1') : text,
    source: '<a href="https://shop.example" rel="nofollow">带货</a>',
    favorited: false,
    truncated: false,
    geo: null,
    user: author(uid),
    reposts_count: reposts,
    comments_count: comments,
    attitudes_count: attitudes,
  }
}

function author(uid: string): object {
  const name = `微博用户${uid.slice(-4)}`
  return { id: Number(uid), idstr: uid, screen_name: name, name, followers_count: 1000, verified: false }
}

/** Like `Wed Oct 24 23:49:17 +0800 2012`. */
function chinaTime(at: number): string {
  const [day, date, month, year, time] = new Date(at + 8 * 3_600_000).toUTCString().replace(',', '').split(' ')
  return [day, month, date, time, '+0800', year].join(' ')
}

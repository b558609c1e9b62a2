import type { Database } from '../../platform/db/database.js'
import { openPostgres } from '../../platform/db/postgres.js'
import { seededChance, type Chance } from '../../platform/time/chance.js'
import { pause, systemClock } from '../../platform/time/clock.js'
import type { Ask } from '../../schema/ask.js'
import { faultsOf, newestStock, publishedIn, publishedStock } from './live-history.js'
import { LiveParts, PARTS, type Part } from './live-parts.js'
import { count, endRoom, ensureMembers, openScene, say, voice, WATCHED, type Scene } from './live-scene.js'
import { ReturningViewer } from './returning-viewer.js'

/** A room that is watched while its processes are killed. */
export interface LiveEvening {
  readonly seed: number
  /** Events that are acknowledged before it ends. */
  readonly events: number
  readonly viewers: number
  readonly kills: number
  /** After which share of what he hears a viewer cuts his line and comes back, to whichever gateway. */
  readonly leaving: number
  /** An empty directory. */
  readonly dir: string
  /** Hears of each acknowledged event, and of each killing. */
  readonly progress: { add(count: number): void; killed(part: Part): void }
}

/** What came of it; no complaints are expected. */
export interface LiveOutcome {
  readonly killed: readonly Part[]
  readonly published: number
  readonly visits: number
  readonly gaps: number
  /** Answers that had no data and were asked for again. */
  readonly empty: number
  readonly complaints: readonly string[]
}

const SECRET = '07'.repeat(32)
const VOICES = 8
/** Every so many events the stock is counted anew. */
const COUNT_EVERY = 10
const PATIENCE_MS = 60_000

/** house without Redis -> Redis -> viewers -> events and killings -> calm -> the end of the room -> what each viewer heard beside what was published. */
export async function killLive(evening: LiveEvening): Promise<LiveOutcome> {
  const chance = seededChance(evening.seed)
  const parts = await LiveParts.open({ ...evening, secret: SECRET })
  const db = openPostgres({ url: parts.databaseUrl, pool: 2 })
  const viewers: ReturningViewer[] = []
  try {
    const as = (claims: object): Promise<Ask> => voice(parts.gateways, SECRET, { claims: { ...claims }, chance })
    const operator = await as({ sub: 'Member:operator', roles: ['operator', 'merchant'] })
    const host = await as({ sub: 'Member:host', roles: ['member', 'host'] })
    await ensureMembers(operator, VOICES)
    await parts.begin('redis') // away until now: whoever has started serves without it, and finds it by itself
    const scene = await openScene(operator, host)
    for (let at = 0; at < evening.viewers; at++) viewers.push(viewer(parts, scene.roomId, { ...evening, chance }))
    const voices = await Promise.all(
      Array.from({ length: VOICES }, (_, at) => as({ sub: `Member:voice-${at}`, roles: ['member'] })),
    )
    const killing = new LiveKilling(parts, evening, chance)
    const said = await told(evening, scene, { voices, operator, killing })
    await killing.calm()
    const complaints = await theEnd(db, scene, { operator, host, viewers })
    const published = await publishedIn(db, scene.roomId)
    const texts = new Set(published.map(({ body }) => body['text']))
    for (const words of said) if (!texts.has(words)) complaints.push(`acknowledged and not published: ${words}`)
    for (const [at, { heard }] of viewers.entries())
      for (const fault of faultsOf(heard, published).slice(0, 10)) complaints.push(`viewer ${at}: ${fault}`)
    return {
      killed: killing.killed,
      published: published.length,
      visits: sum(viewers, ({ visits }) => visits),
      gaps: sum(viewers, ({ heard }) => heard.filter(({ __typename }) => __typename === 'Gap').length),
      empty: sum(viewers, ({ empty }) => empty),
      complaints,
    }
  } finally {
    await Promise.all(viewers.map((one) => one.leave()))
    await db.close()
    await parts.stop()
  }
}

function viewer(
  { gateways: endpoints }: LiveParts,
  roomId: string,
  { chance, leaving }: { readonly chance: Chance; readonly leaving: number },
): ReturningViewer {
  return new ReturningViewer({ endpoints, query: WATCHED, roomId, chance, leaving })
}

interface Telling {
  readonly voices: readonly Ask[]
  readonly operator: Ask
  readonly killing: LiveKilling
}

/** Everybody speaks until so many events are acknowledged; gives the words that were. Who is not answered says the next thing. */
async function told(
  { events, progress }: LiveEvening,
  { roomId, variant }: Scene,
  { voices, operator, killing }: Telling,
): Promise<readonly string[]> {
  const said: string[] = []
  let acknowledged = 0
  let begun = 0
  const one = async (who: Ask): Promise<void> => {
    const nth = ++begun
    const words = `word ${nth}`
    if (nth % COUNT_EVERY === 0) await count(operator, variant, 1_000 + nth)
    else {
      await say(who, roomId, words)
      said.push(words)
    }
    progress.add(1)
    killing.after(++acknowledged)
  }
  const speak = async (who: Ask): Promise<void> => {
    while (acknowledged < events) await one(who).catch(() => pause(systemClock, 50)) // somebody is dead at the moment
  }
  await Promise.all(voices.map(speak))
  return said
}

/** A last count, which must come through, then the end of the room; gives complaints of what never came. */
async function theEnd(
  db: Database,
  { roomId, variant }: Scene,
  its: { readonly operator: Ask; readonly host: Ask; readonly viewers: readonly ReturningViewer[] },
): Promise<string[]> {
  const last = 999_999
  const isCounted = async (): Promise<boolean> => publishedStock(await publishedIn(db, roomId)).get(variant) === last
  await insist(() => count(its.operator, variant, last))
  if (!(await within(isCounted))) return ['the last stock was not published']
  await insist(() => endRoom(its.host, roomId))
  const isDone = ({ heard }: ReturningViewer): boolean =>
    newestStock(heard).get(variant) === last && heard.some(({ state }) => state === 'ENDED')
  return (await within(() => its.viewers.every(isDone))) ? [] : ['not everybody saw the end']
}

/** Kills by events and not by time, so that a slow machine kills as often; whoever died is begun again at once, and again when it could not begin. */
class LiveKilling {
  readonly killed: Part[] = []
  readonly #parts: LiveParts
  readonly #evening: LiveEvening
  readonly #order: readonly Part[]
  readonly #reviving = new Map<Part, Promise<void>>()

  constructor(parts: LiveParts, evening: LiveEvening, chance: Chance) {
    this.#parts = parts
    this.#evening = evening
    this.#order = shuffled(PARTS, chance)
  }

  /** Every part has its turn before one has it again; who is not back yet is passed over. */
  after(acknowledged: number): void {
    const { events, kills, progress } = this.#evening
    if (this.killed.length >= kills || acknowledged < ((this.killed.length + 1) * events) / (kills + 1)) return
    const part = this.#order[this.killed.length % this.#order.length]
    if (part === undefined || this.#reviving.has(part)) return
    this.killed.push(part)
    progress.killed(part)
    const revived = this.#parts.kill(part).then(() => insist(() => this.#parts.begin(part)))
    this.#reviving.set(
      part,
      revived.finally(() => this.#reviving.delete(part)),
    )
  }

  /** Everybody lives again. */
  async calm(): Promise<void> {
    await Promise.all(this.#reviving.values())
  }
}

function shuffled<T>(all: readonly T[], chance: Chance): readonly T[] {
  return all
    .map((one) => ({ one, at: chance.fraction() }))
    .sort((a, b) => a.at - b.at)
    .map(({ one }) => one)
}

async function insist(deed: () => Promise<void>): Promise<void> {
  const untilMs = systemClock.monotonicMs() + PATIENCE_MS
  for (;;) {
    try {
      await deed()
      return
    } catch (error) {
      if (systemClock.monotonicMs() > untilMs) throw error
      await pause(systemClock, 100)
    }
  }
}

async function within(holds: () => boolean | Promise<boolean>): Promise<boolean> {
  const untilMs = systemClock.monotonicMs() + PATIENCE_MS
  while (!(await holds())) {
    if (systemClock.monotonicMs() > untilMs) return false
    await pause(systemClock, 50)
  }
  return true
}

function sum<T>(all: readonly T[], of: (one: T) => number): number {
  return all.reduce((total, one) => total + of(one), 0)
}

import { batcher } from '../../../platform/batch.js'
import { once } from '../../../platform/db/once.js'
import { memberOf, type Identity } from '../../../schema/identity.js'
import { refuse } from '../../../schema/refuse.js'
import { commitmentOf, type DrawCondition } from '../domain/draw.js'
import { needLive } from '../domain/room.js'
import { needKeeper } from '../domain/who-acts.js'
import { findCommenters } from '../store/comments.js'
import { findDraws, holdDrawOpen, insertDraw, insertEntrants } from '../store/draws.js'
import { findWatched } from '../store/figures.js'
import { grouped } from '../store/grouped.js'
import type { DrawRow } from '../store/tables.js'
import { pickId } from './pick-id.js'
import type { Workplace } from './workplace.js'
import { writeRoom, type HeldRoom, type Written } from './write-room.js'

/** A draw to be opened. */
export interface DrawPlan {
  readonly room: string
  readonly prize: string
  readonly winners: number
  readonly closesAt: Date | null
  /** Any public value that is fixed before; with it, the seed alone does not choose the winners. */
  readonly beacon: string
  readonly condition: DrawCondition
  readonly watchSeconds: number
  /** With a key, asking again gives the same draw. */
  readonly idempotencyKey: string | null
}

/** The most winners of one draw, and the longest texts. */
const WINNERS_MOST = 1000
const PRIZE_MOST = 200
const BEACON_MOST = 200
const SEED_BYTES = 32
/** Entrants that travel in one statement. */
const BATCH = { most: 1000, waitMs: 5, limit: 50_000 } as const

/** Opens a draw: the promise (the seed's hash) is public before anybody may enter. */
export function openDraw(on: Workplace, who: Identity, plan: DrawPlan): Promise<DrawRow> {
  checkPlan(plan)
  return writeRoom(on, plan.room, async (held): Promise<Written<DrawRow>> => {
    needKeeper(who, held.room)
    if (plan.idempotencyKey === null) return begin(on, held, plan)
    const owner = who.member ?? 'operator'
    const begun: Begun[] = []
    const deed = { owner, key: `openDraw:${plan.idempotencyKey}`, body: plan }
    const { answer } = await once(held.tx, 'rooms', deed, async () => {
      const written = await begin(on, held, plan)
      begun.push(written)
      return written.draw.id
    })
    return begun[0] ?? answerWith(await foundDraw(held.tx, answer))
  })
}

/** Enters members, many at a time. */
export interface DrawEntry {
  join(who: Identity, draw: string): Promise<DrawRow>
  drain(): Promise<void>
}

/** gather -> hold the draw open -> conditions for all at once -> entered, each once. */
export function drawEntry(on: Workplace): DrawEntry {
  const gathered = batcher<Entry, DrawRow>({
    clock: on.clock,
    observer: on.observer,
    name: 'rooms.entrants',
    ...BATCH,
    run: (entries) => enterAll(on, entries),
  })
  return {
    join: (who, draw) => gathered.ask({ draw, member: memberOf(who) }),
    drain: () => gathered.drain(),
  }
}

interface Entry {
  readonly draw: string
  readonly member: string
}

interface Begun extends Written<DrawRow> {
  readonly draw: DrawRow
}

function answerWith(draw: DrawRow): Written<DrawRow> {
  return { answer: () => draw }
}

async function begin(on: Workplace, held: HeldRoom, plan: DrawPlan): Promise<Begun> {
  needLive(held.room.state)
  if (plan.closesAt !== null && plan.closesAt <= held.at)
    throw refuse('BAD_USER_INPUT', 'closesAt must be in the future')
  const draw = drawOf(on, held, plan)
  await insertDraw(held.tx, draw)
  const { id, prize, commitment } = draw
  return { ...answerWith(draw), draw, facts: [{ fact: { kind: 'DrawOpened', draw: id, prize, commitment } }] }
}

function drawOf(on: Workplace, held: HeldRoom, plan: DrawPlan): DrawRow {
  const seed = on.chance.bytes(SEED_BYTES)
  return {
    id: pickId(on, 'Draw'),
    room: held.room.id,
    state: 'OPEN',
    prize: plan.prize.trim(),
    winners_wanted: plan.winners,
    condition: plan.condition,
    watch_seconds: plan.watchSeconds,
    commitment: commitmentOf(seed),
    seed,
    beacon: plan.beacon,
    opened_at: held.at,
    closes_at: plan.closesAt,
    closed_at: null,
    root: null,
    entrants: 0,
  }
}

function checkPlan(plan: DrawPlan): void {
  if (plan.prize.trim() === '' || plan.prize.length > PRIZE_MOST || /\p{Cc}/u.test(plan.prize))
    throw refuse('BAD_USER_INPUT', `prize must be a text of 1 to ${PRIZE_MOST} characters`)
  if (!Number.isSafeInteger(plan.winners) || plan.winners < 1 || plan.winners > WINNERS_MOST)
    throw refuse('BAD_USER_INPUT', `winners must be a whole number from 1 to ${WINNERS_MOST}, got ${plan.winners}`)
  if (!Number.isSafeInteger(plan.watchSeconds) || plan.watchSeconds < 0 || plan.watchSeconds > 86_400)
    throw refuse('BAD_USER_INPUT', `watchSeconds must be a whole number from 0 to 86400, got ${plan.watchSeconds}`)
  // The scored text is "root|beacon|entrant": a beacon with a stroke in it would be read in two ways.
  if (plan.beacon === '' || plan.beacon.length > BEACON_MOST || /[|\p{C}]/u.test(plan.beacon))
    throw refuse('BAD_USER_INPUT', `beacon must be a text of 1 to ${BEACON_MOST} characters without |`)
}

async function enterAll(on: Workplace, entries: readonly Entry[]): Promise<readonly (DrawRow | Error)[]> {
  const answers = new Map<Entry, DrawRow | Error>()
  for (const [draw, its] of grouped(entries, (entry) => entry.draw)) {
    const verdicts = await enterDraw(on, draw, its).catch((error: unknown) => its.map(() => asError(error)))
    its.forEach((entry, nth) => answers.set(entry, verdicts[nth] ?? new Error('an entry was left unanswered')))
  }
  return entries.map((entry) => answers.get(entry) ?? new Error('an entry was left unanswered'))
}

function enterDraw(on: Workplace, id: string, entries: readonly Entry[]): Promise<readonly (DrawRow | Error)[]> {
  return on.db.transaction(async (tx) => {
    const draw = await holdDrawOpen(tx, id)
    if (draw === null) throw refuse('NOT_FOUND', `no draw is known as ${id}`)
    const at = await on.time(tx)
    if (draw.state === 'CLOSED' || (draw.closes_at !== null && draw.closes_at <= at))
      throw refuse('DRAW_CLOSED', 'the draw takes no entries now')
    const may = await whoMay(tx, draw, [...new Set(entries.map((entry) => entry.member))])
    await insertEntrants(tx, id, [...may], at)
    return entries.map((entry) => (may.has(entry.member) ? draw : notYet(draw)))
  })
}

async function whoMay(tx: HeldRoom['tx'], draw: DrawRow, members: readonly string[]): Promise<ReadonlySet<string>> {
  switch (draw.condition) {
    case 'NONE':
      return new Set(members)
    case 'COMMENTED':
      return findCommenters(tx, draw.room, members)
    case 'WATCHED': {
      const watched = await findWatched(tx, draw.room, members)
      return new Set(members.filter((member) => (watched.get(member) ?? 0) >= draw.watch_seconds))
    }
  }
}

function notYet(draw: DrawRow): Error {
  const needed = draw.condition === 'COMMENTED' ? 'a comment in this room' : `${draw.watch_seconds} seconds of watching`
  return refuse('STATE_FORBIDS', `this draw asks for ${needed} first`, { details: { condition: draw.condition } })
}

async function foundDraw(tx: HeldRoom['tx'], id: string): Promise<DrawRow> {
  const [draw] = await findDraws(tx, [id])
  if (draw === null || draw === undefined) throw new Error(`the draw ${id} was answered before and is gone`)
  return draw
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error('members could not enter', { cause: error })
}

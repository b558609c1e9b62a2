import { repeat, type Cancel } from '../../../platform/time/clock.js'
import type { Identity } from '../../../schema/identity.js'
import type { DrawClosed } from '../../../schema/events/rooms.js'
import { refuse } from '../../../schema/refuse.js'
import { ranking, rootOf, type Scored } from '../domain/draw.js'
import { needKeeper } from '../domain/who-acts.js'
import { allEntrants, changeDraw, dueDraws, findDraws, insertWinners, lockDraw } from '../store/draws.js'
import type { DrawRow } from '../store/tables.js'
import type { Workplace } from './workplace.js'
import { writeRoom, type HeldRoom, type Settled, type Written } from './write-room.js'

/** How often draws are looked for whose hour has come, and how many are drawn at a time. */
const DUE_EVERY_MS = 1000
const DUE_MOST = 50

/** Draws the winners and reveals the seed; closing twice gives the same answer. */
export async function closeDraw(on: Workplace, who: Identity, id: string): Promise<DrawRow> {
  const [draw] = await findDraws(on.db, [id])
  if (draw === null || draw === undefined) throw refuse('NOT_FOUND', `no draw is known as ${id}`)
  return writeRoom(on, draw.room, (held) => {
    needKeeper(who, held.room)
    return drawNow(held, id)
  })
}

/** Closes each draw when its hour has come, until it is cancelled. A draw that fails is logged, tried again, and delays no other. */
export function closeDueDraws(on: Workplace): Cancel {
  return repeat(on.clock, DUE_EVERY_MS, () =>
    guarded(on, async () => {
      const due = await dueDraws(on.db, await on.time(on.db), DUE_MOST)
      for (const draw of due) await guarded(on, () => writeRoom(on, draw.room, (held) => drawNow(held, draw.id)))
    }),
  )
}

async function guarded(on: Workplace, work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (fault) {
    on.observer.count('rooms.draw.failed')
    on.observer.log('error', 'a due draw could not be closed', { error: fault })
  }
}

/** hold the draw -> entrants' root -> scores -> winners -> closed, told and logged in the one transaction. */
export async function drawNow(held: HeldRoom, id: string): Promise<Written<DrawRow>> {
  const { tx, at } = held
  const draw = await lockDraw(tx, id)
  if (draw === null) throw refuse('NOT_FOUND', `no draw is known as ${id}`)
  if (draw.state === 'CLOSED') return { answer: () => draw }
  const entrants = await allEntrants(tx, id)
  const root = rootOf(entrants)
  const winners = ranking(draw.seed, draw.beacon, entrants).slice(0, draw.winners_wanted)
  const change = { state: 'CLOSED', closed_at: at, root, entrants: entrants.length } as const
  await changeDraw(tx, id, change)
  await insertWinners(tx, id, winners)
  const closed = { ...draw, ...change }
  return { answer: () => closed, ...outcome(closed, winners, at) }
}

function outcome(draw: DrawRow & { readonly root: string }, drawn: readonly Scored[], at: Date): Settled {
  const winners = drawn.map((one) => one.entrant)
  const told: DrawClosed = {
    id: `${draw.id}:closed`,
    kind: 'rooms.drawClosed',
    at: at.toISOString(),
    draw: draw.id,
    room: draw.room,
    prize: draw.prize,
    winners,
  }
  const seed = Buffer.from(draw.seed).toString('hex')
  return { facts: [{ fact: { kind: 'DrawClosed', draw: draw.id, root: draw.root, seed, winners } }], told: [told] }
}

import DataLoader from 'dataloader'
import type { Logged } from '../domain/live-event.js'
import { findComments, listComments } from '../store/comments.js'
import type { TellTime } from '../store/database-time.js'
import { countEntrants, findDraws, findDrawsOf, findWinners } from '../store/draws.js'
import { findFigures, type Figures } from '../store/figures.js'
import { grouped } from '../store/grouped.js'
import { readLogs } from '../store/log.js'
import { findRooms } from '../store/room-rows.js'
import { findShelves } from '../store/shelf.js'
import type { CommentRow, DrawRow, RoomRow, ShelfRow, WinnerRow } from '../store/tables.js'
import type { Workplace } from '../flow/workplace.js'

/** The draws of a room that are shown with it. */
const DRAWS_MOST = 20

/** A page of something that belongs to a room: so many rows behind a number of its log. */
export interface RoomPage {
  readonly room: string
  readonly limit: number
  readonly from: number | null
}

/** What one request loads, each in one statement for all that is asked at a time. */
export interface Loaders {
  readonly rooms: DataLoader<string, RoomRow | null>
  readonly shelves: DataLoader<string, readonly ShelfRow[]>
  readonly figures: DataLoader<string, Figures>
  readonly comments: DataLoader<string, CommentRow | null>
  readonly commentsOf: DataLoader<RoomPage, readonly CommentRow[], string>
  readonly replayOf: DataLoader<RoomPage, readonly Logged[], string>
  readonly draws: DataLoader<string, DrawRow | null>
  readonly drawsOf: DataLoader<string, readonly DrawRow[]>
  readonly winners: DataLoader<string, readonly WinnerRow[]>
  readonly entrantCounts: DataLoader<string, number>
}

/** Loaders for one request: what they remember must not outlive it. */
export function loaders({ db, time }: { readonly db: Workplace['db']; readonly time: TellTime }): Loaders {
  return {
    rooms: new DataLoader((ids) => findRooms(db, ids)),
    shelves: new DataLoader((ids) => findShelves(db, ids)),
    figures: new DataLoader(async (ids) => findFigures(db, ids, await time(db))),
    comments: new DataLoader((ids) => findComments(db, ids)),
    commentsOf: pagesOf((rooms, page) => listComments(db, rooms, { limit: page.limit, before: page.from })),
    replayOf: pagesOf((rooms, page) => readLogs(db, rooms, { limit: page.limit, after: page.from ?? 0 })),
    draws: new DataLoader((ids) => findDraws(db, ids)),
    drawsOf: new DataLoader((ids) => findDrawsOf(db, ids, DRAWS_MOST)),
    winners: new DataLoader((ids) => findWinners(db, ids)),
    entrantCounts: new DataLoader((ids) => countEntrants(db, ids)),
  }
}

/** Loads pages of many rooms: those that ask for the same part travel in one statement. */
function pagesOf<Row>(
  read: (rooms: readonly string[], page: RoomPage) => Promise<ReadonlyMap<string, readonly Row[]>>,
): DataLoader<RoomPage, readonly Row[], string> {
  const part = ({ limit, from }: RoomPage): string => `${limit} ${from ?? ''}`
  return new DataLoader(
    async (pages) => {
      const found = new Map<string, ReadonlyMap<string, readonly Row[]>>()
      for (const [key, same] of grouped(pages, part)) {
        const [first] = same
        if (first !== undefined)
          found.set(
            key,
            await read(
              same.map((page) => page.room),
              first,
            ),
          )
      }
      return pages.map((page) => found.get(part(page))?.get(page.room) ?? [])
    },
    { cacheKeyFn: (page) => `${page.room} ${part(page)}` },
  )
}

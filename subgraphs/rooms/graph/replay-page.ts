import type { Logged } from '../domain/live-event.js'
import { cursorOf, seqOf } from '../domain/cursor.js'
import { pageRequest, type PageArgs } from '../../host/graph/page.js'
import type { RoomPage } from './loaders.js'
import { shownRow } from './show-event.js'

/** A page of a room's log. Its cursors are those of the events themselves, so that a replay can go over into `liveEvents`. */
export async function replayPage(
  room: string,
  args: PageArgs,
  read: (page: RoomPage) => Promise<readonly Logged[]>,
): Promise<object> {
  const from = args.after === null || args.after === undefined ? null : seqOf(args.after)
  const { first, limit } = pageRequest({ first: args.first })
  const rows = await read({ room, limit, from })
  const edges = rows.slice(0, first).map((row) => ({ cursor: cursorOf(row.seq), node: shownRow(room, row) }))
  return {
    edges,
    pageInfo: {
      hasNextPage: rows.length > first,
      hasPreviousPage: from !== null && from > 0,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  }
}

import { Arg, Args, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql'
import { idOf } from '../../../schema/ids.js'
import { PageArgs, pageOf, pageRequest, type Key, type Page } from '../../host/graph/page.js'
import { DateTime, SafeInt } from '../../host/graph/scalars.js'
import { listEntrants } from '../store/draws.js'
import type { DrawRow, RoomRow } from '../store/tables.js'
import { DrawType, DrawWinnerType, EntrantConnection } from './draw-types.js'
import { RoomType } from './room-types.js'
import type { RoomsContext } from './rooms-context.js'
import { stub } from './stubs.js'

/** Finding draws, and all that it takes to draw one again. */
@Resolver(() => DrawType)
export class DrawResolver {
  @Query(() => DrawType, { nullable: true, description: 'A draw by its id.' })
  async draw(@Arg('id', () => ID) id: string, @Ctx() { loaders }: RoomsContext): Promise<DrawRow | null> {
    return await loaders.draws.load(idOf('Draw')(id, 'id'))
  }

  @FieldResolver(() => RoomType, { nullable: true, description: 'Where it is held.' })
  room(@Root() draw: DrawRow, @Ctx() { loaders }: RoomsContext): Promise<RoomRow | null> {
    return loaders.rooms.load(draw.room)
  }

  @FieldResolver(() => Int, { description: 'How many win, when as many enter.' })
  winnersWanted(@Root() draw: DrawRow): number {
    return draw.winners_wanted
  }

  @FieldResolver(() => Int, {
    description: 'How many seconds a member must have watched, where that is the condition.',
  })
  watchSeconds(@Root() draw: DrawRow): number {
    return draw.watch_seconds
  }

  @FieldResolver(() => String, { nullable: true, description: 'The seed, in hexadecimal; null before closing.' })
  seed(@Root() draw: DrawRow): string | null {
    return draw.state === 'CLOSED' ? Buffer.from(draw.seed).toString('hex') : null
  }

  @FieldResolver(() => SafeInt, { description: 'How many have entered.' })
  entrantCount(@Root() draw: DrawRow, @Ctx() { loaders }: RoomsContext): Promise<number> | number {
    return draw.state === 'CLOSED' ? draw.entrants : loaders.entrantCounts.load(draw.id)
  }

  @FieldResolver(() => EntrantConnection, {
    nullable: true,
    description: 'Who entered, sorted by id: the list that the root is made of, once the draw is closed.',
  })
  async entrants(
    @Root() { id }: DrawRow,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { flow }: RoomsContext,
  ): Promise<Page<object>> {
    const request = pageRequest(args)
    const after = request.after && member(request.after)
    const found = await listEntrants(flow.place.db, id, { limit: request.limit, after })
    return pageOf(
      found.map((entrant) => stub('Member', entrant)),
      request,
      (entrant) => [entrant.id],
    )
  }

  @FieldResolver(() => [DrawWinnerType], { description: 'Who won, the first place first; empty before closing.' })
  async winners(@Root() { id }: DrawRow, @Ctx() { loaders }: RoomsContext): Promise<readonly object[]> {
    const rows = await loaders.winners.load(id)
    return rows.map(({ place, member: won, score }) => ({ place, score, member: stub('Member', won) }))
  }

  @FieldResolver(() => DateTime, { description: 'When it was opened.' })
  openedAt(@Root() draw: DrawRow): Date {
    return draw.opened_at
  }

  @FieldResolver(() => DateTime, {
    nullable: true,
    description: 'When it closes by itself; null when its host closes it.',
  })
  closesAt(@Root() draw: DrawRow): Date | null {
    return draw.closes_at
  }

  @FieldResolver(() => DateTime, { nullable: true, description: 'When it was closed.' })
  closedAt(@Root() draw: DrawRow): Date | null {
    return draw.closed_at
  }
}

function member([id]: readonly Key[]): string {
  return idOf('Member')(id, 'after')
}

import { buildFederatedSubgraph, type Reference } from '../host/graph/federated-schema.js'
import type { Subgraph } from '../host/subgraph.js'
import { readRoomsConfig } from './config.js'
import { openRooms } from './flow/open-rooms.js'
import { AudienceMutations } from './graph/audience-mutations.js'
import { DrawMutations } from './graph/draw-mutations.js'
import { DrawResolver } from './graph/draw-resolver.js'
import {
  DrawClosedResolver,
  DrawOpenedResolver,
  LiveResolver,
  RoomStateChangedResolver,
} from './graph/live-resolver.js'
import { loaders } from './graph/loaders.js'
import { RoomMutations } from './graph/room-mutations.js'
import { CommentResolver, RoomResolver } from './graph/room-resolver.js'
import type { RoomsContext } from './graph/rooms-context.js'
import { FlashSaleType, MemberType, ProductType, VariantType } from './graph/stubs.js'
import type { TellTime } from './store/database-time.js'
import { MIGRATIONS } from './store/migrations.js'

/** What rooms need from who makes them; `time` is the database's own where nothing is said. */
export interface RoomsOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly time?: TellTime
}

/** Live rooms: their life, shelf, audience and draws, and the one log of each that everything told of it is written into. */
export function rooms({ env, time }: RoomsOptions): Subgraph {
  const settings = { config: readRoomsConfig(env), ...(time === undefined ? {} : { time }) }
  return {
    name: 'rooms',
    migrations: MIGRATIONS,
    schema: buildFederatedSubgraph({
      resolvers: [
        RoomResolver,
        CommentResolver,
        DrawResolver,
        LiveResolver,
        DrawOpenedResolver,
        DrawClosedResolver,
        RoomStateChangedResolver,
        RoomMutations,
        AudienceMutations,
        DrawMutations,
      ],
      references: {
        Room: ({ id }: Reference, { loaders: by }: RoomsContext) => by.rooms.load(id),
        Comment: ({ id }: Reference, { loaders: by }: RoomsContext) => by.comments.load(id),
        Draw: ({ id }: Reference, { loaders: by }: RoomsContext) => by.draws.load(id),
      },
      orphans: [ProductType, VariantType, MemberType, FlashSaleType],
    }),
    start(ground) {
      const open = openRooms(ground, settings)
      return Promise.resolve({
        context: (who): RoomsContext => ({ who, flow: open, loaders: loaders(open.place) }),
        doors: [],
        stop: () => open.stop(),
      })
    },
  }
}

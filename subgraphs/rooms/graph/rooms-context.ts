import type { RequestContext } from '../../host/subgraph.js'
import type { OpenRooms } from '../flow/open-rooms.js'
import type { Loaders } from './loaders.js'

/** What a resolver of rooms is handed. */
export type RoomsContext = RequestContext<Loaders, OpenRooms>

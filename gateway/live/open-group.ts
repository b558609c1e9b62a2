import type { Engine, GraphRequest, PlannedSubscription } from '../engine.js'
import type { FetchContext } from '../fetch/ask-subgraph.js'
import { heldCursor } from './cursor.js'
import type { Group } from './group.js'
import type { LiveQuestion, Resume } from './live-question.js'
import { stillSlots, withoutSlots, type Slotted } from './slots.js'
import type { Leave } from './upstream.js'

/** What a group is opened with. */
export interface Opening {
  readonly engine: Engine
  readonly planned: PlannedSubscription
  /** What is planned, for whoever came first. */
  readonly request: GraphRequest
  /** On whose behalf subgraphs are asked: nobody's, where all who may see the same share it. */
  readonly asker: FetchContext
  readonly nobodys: Nobodys | null
  readonly question: LiveQuestion | null
  readonly slots: LeftOut | null
}

/**
 * Why a group asks in nobody's name. `same`: the field's owner says that all are told the same. `alike`: so do the owners of all that
 * is protected in it, of those who may see it. `unheard`: no subgraph that it asks gets to know who asks.
 */
export type Nobodys = 'same' | 'alike' | 'unheard'

/** What was left out of a request; null where nothing was. */
export interface LeftOut {
  readonly without: Slotted
  /** The request with it, in nobody's name. */
  readonly whole: GraphRequest
}

/** An opening that all may share, with what depends on the viewer left out. */
export function slotless(opening: Omit<Opening, 'slots'>): Opening {
  const { engine, question, request: whole } = opening
  const without = question?.slots ?? null
  if (without === null) return { ...opening, slots: null }
  const request = withoutSlots(whole, without)
  const planned = engine.planSubscription(request)
  if (!('upstream' in planned)) throw new Error('a subscription could not be planned without its slots')
  return { ...opening, planned, request, slots: { without, whole } }
}

/** Whether the slots are still what they were under another supergraph, and still nobody needs more than to be himself for them. */
export function staysSlotless(
  { without, whole: { text, operationName, variables, context } }: LeftOut,
  engine: Engine,
): boolean {
  const planned = engine.planSubscription({ text, operationName, variables, context })
  return 'upstream' in planned && planned.access === '' && stillSlots(without, engine.live.slots)
}

/** A cursor that a gateway has made is not the upstream's: the same question from where all was told. */
export function from(opening: Opening, cursor: string): Opening {
  const held = heldCursor(cursor)
  const variable = opening.question?.resume?.variable ?? null
  if (held === null || variable === null) return opening
  const request = { ...opening.request, variables: { ...opening.request.variables, [variable]: held.from } }
  const planned = opening.engine.planSubscription(request)
  return 'upstream' in planned ? { ...opening, request, planned } : opening
}

/** Where a group begins that goes on from a cursor, and the running group that it will join. */
export interface From {
  readonly cursor: string | null
  readonly baseKey: string | null
}

/** A group with its upstream, as the registry keeps it. */
export interface Open {
  readonly key: string
  readonly group: Group
  readonly request: GraphRequest
  readonly asker: FetchContext
  /** Why subgraphs are asked in nobody's name; null where they are asked in somebody's. */
  readonly nobodys: Nobodys | null
  /** What it depended on when it was opened; a group of nobody's stays within that. */
  readonly access: string
  readonly slots: LeftOut | null
  readonly baseKey: string | null
  /** Sets its upstream apart from others of the same question; empty shares it. */
  readonly upstream: string
  /** How its question goes on from a cursor. */
  readonly resume: Resume | null
  /** Upstreams that failed since the last event. */
  failures: number
  /** The one that planned it last. */
  engine: Engine
  upstreamKey: string
  leave: Leave
}

import type { Bus } from '../../../platform/bus/bus.js'
import { fields, json, list, oneOf, whole } from '../../../platform/decode.js'
import type { Figure, Logged } from '../domain/live-event.js'
import { readLogged } from '../store/read-fact.js'

/** Rows in one signal at most, so that no message on the bus grows with the crowd. */
const ROWS_MOST = 100

/** What is said on a room's channel: new rows of its log, or a figure. */
export type Signal =
  { readonly kind: 'logged'; readonly rows: readonly Logged[] } | { readonly kind: 'figure'; readonly figure: Figure }

/** The bus channel of a room. */
export function channelOf(room: string): string {
  return `room.${room}`
}

/** Tells whoever follows the room what was just committed. Only speed: what is lost here is read from the log. */
export function signalLogged(bus: Bus, room: string, rows: readonly Logged[]): void {
  for (let at = 0; at < rows.length; at += ROWS_MOST)
    bus.signal(channelOf(room), JSON.stringify({ kind: 'logged', rows: rows.slice(at, at + ROWS_MOST) }))
}

/** Tells whoever follows the room a figure of this moment. */
export function signalFigure(bus: Bus, room: string, figure: Figure): void {
  bus.signal(channelOf(room), JSON.stringify({ kind: 'figure', figure }))
}

/** Reads a signal: the bus is a stranger too. */
export function readSignal(body: string): Signal {
  const it = fields(json(body, 'signal'), 'signal')
  if (oneOf(it['kind'], 'signal.kind', ['logged', 'figure']) === 'figure')
    return { kind: 'figure', figure: readFigure(it['figure']) }
  return { kind: 'logged', rows: list(it['rows'], 'signal.rows', readLogged) }
}

function readFigure(value: unknown): Figure {
  const it = fields(value, 'figure')
  const kind = oneOf(it['kind'], 'figure.kind', ['LikesCounted', 'ViewersCounted'])
  if (kind === 'LikesCounted') return { kind, likes: whole(it['likes'], 'figure.likes') }
  return {
    kind,
    concurrent: whole(it['concurrent'], 'figure.concurrent'),
    unique: whole(it['unique'], 'figure.unique'),
  }
}

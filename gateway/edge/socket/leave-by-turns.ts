import type { Duplex } from 'node:stream'
import type { Turns } from './turns.js'

/**
 * A crowd that is cut off at once leaves by slices. Node reads in one turn of all its sockets that they have ended; what `ws` does
 * thereupon takes several times as long, and is done by turns. To be called when `ws` has just taken the socket: its listeners are
 * those that came last. Where nobody more may wait, it is done at once.
 */
export function leaveByTurns(raw: Duplex, turns: Turns): void {
  let isGone = false
  byTurns(raw, 'end', turns, (act) => {
    if (!isGone) act() // `ws` knows the socket no more once it has heard of its close
  })
  byTurns(raw, 'close', turns, (act) => {
    isGone = true
    act()
  })
}

function byTurns(raw: Duplex, event: 'end' | 'close', turns: Turns, run: (act: () => void) => void): void {
  const listener = raw.rawListeners(event).at(-1)
  if (listener === undefined) return
  const act = (): void => void Reflect.apply(listener, raw, [])
  raw.removeListener(event, listener as () => void) // neither event brings anything
  raw.on(event, () => {
    if (!turns.run(() => run(act))) run(act)
  })
}

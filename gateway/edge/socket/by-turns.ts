import type { Duplex } from 'node:stream'
import type { Turns } from './turns.js'

/**
 * A crowd that speaks or is cut off at once is heard by slices. Node reads in one turn of all sockets that have something, or have ended;
 * what `ws` makes of it takes several times as long, and is done by turns. To be called when `ws` has just taken the socket: its listeners
 * are those that came last. Where nobody more may wait, ends are heard at once; `full` is told of bytes that are not heard, and no more are then.
 */
export function byTurns(raw: Duplex, turns: Turns, full: () => void): void {
  let isGone = false
  let isDeaf = false
  let unheard = 0
  instead(raw, 'data', (hear, bytes) => {
    if (isDeaf) return
    unheard++
    const mayWait = turns.run(() => {
      if (--unheard === 0 && raw.isPaused()) raw.resume()
      if (!isGone) hear(bytes)
    })
    if (!mayWait) {
      isDeaf = true
      full()
    } else if (unheard > 1) raw.pause() // what waits is bounded by what is open; to pause a whole crowd costs more than to read one piece of each
  })
  instead(raw, 'end', (hear) => {
    soon(() => {
      if (!isGone) hear() // `ws` knows the socket no more once it has heard of its close
    })
  })
  instead(raw, 'close', (hear) => {
    soon(() => {
      isGone = true
      hear()
    })
  })

  function soon(act: () => void): void {
    if (!turns.run(act)) act()
  }
}

type Act = (...about: readonly unknown[]) => void

/** Hears an event in place of the listener that came last, which is given along. */
function instead(raw: Duplex, event: 'data' | 'end' | 'close', heard: (hear: Act, about: unknown) => void): void {
  const listener = raw.listeners(event).at(-1)
  if (listener === undefined) return
  raw.removeListener(event, listener as () => void)
  const hear: Act = (...about) => void Reflect.apply(listener, raw, about)
  raw.on(event, (about: unknown) => heard(hear, about))
}

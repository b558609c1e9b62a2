import type { EventEmitter } from 'node:events'
import type { Server, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Turns } from './turns.js'

/**
 * A crowd that speaks or is cut off at once is heard by slices. Node reads in one turn of all sockets that have something, or have ended;
 * what `ws` makes of it takes several times as long, and is done by turns. To be called when `ws` has just taken the socket: its listeners
 * are those that came last. Where nobody more may wait, ends are heard at once; `full` is told of bytes that are not heard, and no more are then.
 * Gives the way to hear nothing more of it but its end: `ws` means to do that itself after a violation, but its listener is not where it was.
 */
export function byTurns(raw: Duplex, turns: Turns, full: () => void): () => void {
  let isGone = false
  let isDeaf = false
  let unheard = 0
  instead(raw, 'data', (hear, bytes) => {
    if (isDeaf) return
    unheard++
    const mayWait = turns.run(() => {
      if (--unheard === 0 && raw.isPaused()) raw.resume()
      if (!isGone && !isDeaf) hear(bytes)
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

  return () => {
    isDeaf = true
    raw.resume()
  }
}

/**
 * The connections of a crowd are taken by slices too, where they would all be given a parser in the turn in which they came. To be called
 * before anything else listens to the server. Where nobody more may wait they are cut.
 */
export function connectByTurns(server: Server, turns: Turns): void {
  instead(server, 'connection', (take, about) => {
    const socket = about as Socket // the event brings one
    socket.on('error', ignore) // until whoever takes it listens himself
    const mayWait = turns.run(() => {
      socket.off('error', ignore)
      if (!socket.destroyed) take(socket)
    })
    if (!mayWait) socket.destroy()
  })
}

/** A socket that fails while it waits is destroyed, and nobody has to know. */
export function ignore(): void {
  // nothing is to be done
}

type Act = (...about: readonly unknown[]) => void

/** Hears an event in place of the listener that came last, which is given along. */
function instead(emitter: EventEmitter, event: string, heard: (hear: Act, about: unknown) => void): void {
  const listener = emitter.listeners(event).at(-1)
  if (listener === undefined) return
  emitter.removeListener(event, listener as () => void)
  const hear: Act = (...about) => void Reflect.apply(listener, emitter, about)
  emitter.on(event, (about: unknown) => heard(hear, about))
}

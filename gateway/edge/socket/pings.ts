import { repeat, type Cancel, type Clock } from '../../../platform/time/clock.js'
import type { Line } from './line.js'

/** A crowd is not asked in one breath whether it is there: ten thousand pings would hold up everything else. */
const BEATS = 16

/** Whoever is told something keeps his connection open by that; he is asked at every third beat, for a client that has died takes bytes for a while. */
const SPARED = 3

/** One who is asked. */
export interface Asked {
  /** He has said something: he is there. */
  heard(): void
  /** He is asked no more. */
  stop(): void
}

/** What a ping needs of a line. */
export type PingedLine = Pick<Line, 'wasTold' | 'cut' | 'ping'>

interface Member {
  readonly line: PingedLine
  isHeardOf: boolean
  /** Beats in a row that he was not asked at, since he was told something instead. */
  spared: number
}

/** Asks everybody once in `everyMs` whether he is still there, each in his beat; who has not answered by the next is cut off. */
export class Pings {
  readonly stop: Cancel
  /** Who is asked at each beat. */
  readonly #beats: readonly Set<Member>[] = Array.from({ length: BEATS }, () => new Set<Member>())
  #joined = 0
  #beat = 0

  constructor(clock: Clock, everyMs: number) {
    this.stop = repeat(clock, everyMs / BEATS, () => {
      this.#beat = (this.#beat + 1) % BEATS
      for (const member of this.#beats[this.#beat] ?? []) ask(member)
    })
  }

  join(line: PingedLine): Asked {
    const member: Member = { line, isHeardOf: true, spared: 0 }
    const beat = this.#beats[this.#joined++ % BEATS]
    beat?.add(member)
    return {
      heard: () => void (member.isHeardOf = true),
      stop: () => void beat?.delete(member),
    }
  }
}

function ask(member: Member): void {
  const { line } = member
  if (line.wasTold() && ++member.spared < SPARED) return
  member.spared = 0
  if (!member.isHeardOf) line.cut()
  member.isHeardOf = false
  line.ping()
}

import { describe, expect, it } from 'vitest'
import { silent, type Observer } from '../../platform/observe/observer.js'
import { fakeClock, type FakeClock } from '../../test/support/fake-clock.js'
import { fanOut } from './fan-out.js'
import { SharedAnswer } from './shared-answer.js'
import type { Sink } from './sink.js'
import { SlowLines } from './slow-lines.js'

const MOST = 1_000
const BYTES = 100

/** A line whose reader takes everything at once, until he stops. */
class Reader implements Sink {
  reads = true
  dropped = ''
  most = 0
  readonly written: string[] = []
  #waiting = 0

  next({ body }: SharedAnswer): void {
    this.written.push(body)
    if (!this.reads) this.#waiting += BYTES
    this.most = Math.max(this.most, this.#waiting)
  }
  fail(): void {}
  complete(): void {}
  backlog(): number {
    return this.#waiting
  }
  drop(reason: string): void {
    this.dropped = reason
  }
  /** He reads again, and has read everything. */
  resume(): void {
    this.reads = true
    this.#waiting = 0
  }
}

interface Scene {
  readonly slow: Reader
  readonly others: readonly Reader[]
  readonly clock: FakeClock
  readonly counted: Map<string, number>
  readonly tell: (body: string, key?: string | null, kept?: boolean) => void
}

/** One who stopped reading among many, after five events that fill half of his line. */
function scene(others = 3): Scene {
  const counted = new Map<string, number>()
  const count: Observer['count'] = (name, _labels, by = 1) => void counted.set(name, (counted.get(name) ?? 0) + by)
  const observer = { ...silent, count }
  const clock = fakeClock()
  const lines = new SlowLines({ mostBacklog: MOST, clock, observer })
  const slow = new Reader()
  const good = Array.from({ length: others }, () => new Reader())
  const viewers = new Set<Sink>([...good, slow])
  const tell = (body: string, key: string | null = null, kept = true): void => {
    fanOut({ answer: new SharedAnswer(body), key, kept }, viewers, { mostBacklog: MOST, observer, slow: lines })
    if (slow.dropped !== '') viewers.delete(slow)
  }
  slow.reads = false
  for (let at = 0; at < 6; at++) tell(`first ${at}`)
  return { slow, others: good, clock, counted, tell }
}

const later = ({ written }: Reader): readonly string[] => written.slice(6)

describe('R19 a line that does not keep up', () => {
  it('is spared what will be replaced, and has the newest of each key once it has drained', async () => {
    const { slow, others, clock, counted, tell } = scene()
    for (const body of ['a1', 'b1', 'a2', 'a3']) tell(body, body.slice(0, 1))
    expect(later(slow)).toEqual([])
    expect(counted.get('live.lineConflated')).toBe(4)
    slow.resume()
    await clock.advance(100)
    expect(later(slow)).toEqual(['b1', 'a3'])
    for (const other of others) expect(later(other)).toEqual(['a1', 'b1', 'a2', 'a3'])
  })

  it('is written what must arrive, behind the newest values that came before it: its cursor says that all was told', () => {
    const { slow, tell } = scene()
    tell('a1', 'a')
    tell('a2', 'a')
    tell('must')
    tell('a3', 'a')
    expect(later(slow)).toEqual(['a2', 'must'])
  })

  it('loses, when it is nearly full, only what nobody goes on from', () => {
    const { slow, counted, tell } = scene()
    tell('stock', 'stock')
    tell('likes', 'likes', false)
    for (let at = 0; at < 2; at++) tell(`must ${at}`)
    tell('likes again', 'likes', false)
    expect(counted.get('live.lineDropped')).toBe(1)
    slow.resume()
    tell('end')
    expect(later(slow)).toEqual(['stock', 'must 0', 'must 1', 'end'])
  })

  it('is closed with a reason when it is full, and is written nothing more', () => {
    const { slow, counted, tell } = scene()
    for (let at = 0; at < 20; at++) tell(`must ${at}`)
    expect([slow.dropped, counted.get('live.lineClosed')]).toEqual(['reads too slowly', 1])
    expect(slow.most).toBeLessThanOrEqual(MOST + BYTES)
  })

  it('is one of a thousand, of whom the others are told everything in its order', () => {
    const { slow, others, tell } = scene(999)
    const told = Array.from({ length: 300 }, (_, at) => `event ${at}`)
    for (const [at, body] of told.entries()) tell(body, at % 50 === 0 ? null : `k${at % 3}`)
    for (const other of others) expect(later(other)).toEqual(told)
    expect(slow.most).toBeLessThanOrEqual(MOST + BYTES)
  })
})

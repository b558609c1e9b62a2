import { Kind, parse } from 'graphql'
import { beforeEach, describe, expect, it } from 'vitest'
import { silent } from '../../platform/observe/observer.js'
import type { Clock } from '../../platform/time/clock.js'
import { overload, type Overload } from './overload.js'

/** A clock whose event loop the test holds up. */
let now: number
let look: () => void
const clock: Clock = {
  now: () => new Date(now),
  monotonicMs: () => now,
  after(_ms, run) {
    look = run
    return () => undefined
  },
}

let guard: Overload
let full: boolean
beforeEach(() => {
  now = 0
  full = false
  guard = overload(
    { lateMs: 100, first: ['payOrder'], last: ['likeRoom'] },
    { clock, observer: silent, isFull: () => full },
  )
})

/** One look at the clock, so much too late. */
function held(ms: number): void {
  now += 100 + ms
  look()
}

function admitted(): readonly string[] {
  return ['mutation { likeRoom }', '{ room }', 'mutation { payOrder }'].filter((text) => {
    const [operation] = parse(text).definitions
    return operation?.kind === Kind.OPERATION_DEFINITION && guard.refusal(operation) === null
  })
}

describe('R26 a gateway with too much to do', () => {
  it('refuses queries when too many wait, and never what changes something', () => {
    full = true
    expect(admitted()).toEqual(['mutation { likeRoom }', 'mutation { payOrder }'])
  })

  it('lets all in while it keeps up', () => {
    held(90)
    expect(admitted()).toHaveLength(3)
  })

  it('refuses reactions first, then reads, and paying last', () => {
    held(150)
    expect(admitted()).toEqual(['{ room }', 'mutation { payOrder }'])
    held(300)
    expect(admitted()).toEqual(['mutation { payOrder }'])
    held(900)
    expect(admitted()).toEqual([])
  })

  it('comes to itself soon after', () => {
    held(900)
    for (let at = 0; at < 5; at++) held(0)
    expect(admitted()).toHaveLength(3)
  })
})

import { describe, expect, it } from 'vitest'
import { plusAfter } from './plus-years.js'

const now = new Date('2026-11-11T12:00:00Z')

describe('a period of PLUS', () => {
  it('begins now when there was none, or when the last one is over', () => {
    expect(plusAfter(null, now, 1).until.toISOString()).toBe('2027-11-11T12:00:00.000Z')
    expect(plusAfter(new Date('2020-01-01T00:00:00Z'), now, 1).from).toEqual(now)
  })

  it('goes on where a running one ends', () => {
    const running = new Date('2030-01-01T00:00:00Z')
    expect(plusAfter(running, now, 100)).toEqual({ from: running, until: new Date('2130-01-01T00:00:00Z') })
  })
})

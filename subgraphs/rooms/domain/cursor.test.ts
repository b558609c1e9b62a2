import { describe, expect, it } from 'vitest'
import { cursorOf, seqOf } from './cursor.js'

describe('a cursor of a room', () => {
  it('stands for its number', () => {
    expect([seqOf(cursorOf(7)), seqOf('0')]).toEqual([7, 0])
  })

  it('of a gateway that held values back is the place up to which everything was told', () => {
    expect(seqOf('~9~4')).toBe(4)
  })

  it.each(['', '-1', '1.5', 'x', '~1', '~1~x', '1'.repeat(16)])('is refused when it never was one: %j', (text) => {
    expect(() => seqOf(text)).toThrow('a cursor is one that an event came with')
  })
})

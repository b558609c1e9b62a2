import { describe, expect, it } from 'vitest'
import { ROOM_STATES } from '../../../schema/events/rooms.js'
import { moved, needLive, needOpen, ROOM_MOVES, STATE_AFTER } from './room.js'

describe('a room', () => {
  it('can reach every state from its first, and leaves every state but its last', () => {
    const reached = new Set(['SCHEDULED'])
    for (const state of ROOM_STATES) for (const move of ROOM_MOVES) reached.add(STATE_AFTER[state][move] ?? state)
    expect([...reached].sort()).toEqual([...ROOM_STATES].sort())
    const stuck = ROOM_STATES.filter((state) => ROOM_MOVES.every((move) => STATE_AFTER[state][move] === null))
    expect(stuck).toEqual(['ENDED'])
  })

  it('refuses a move that its state does not allow', () => {
    expect(moved('SCHEDULED', 'goLive')).toBe('LIVE')
    expect(() => moved('LIVE', 'goLive')).toThrow(expect.objectContaining({ code: 'STATE_FORBIDS' }))
    expect(() => moved('ENDED', 'end')).toThrow(expect.objectContaining({ code: 'STATE_FORBIDS' }))
  })

  it('takes comments while it is live only, and goods until it has ended', () => {
    expect(() => needLive('SCHEDULED')).toThrow(expect.objectContaining({ code: 'ROOM_NOT_LIVE' }))
    expect(() => needLive('LIVE')).not.toThrow()
    expect(() => needOpen('SCHEDULED')).not.toThrow()
    expect(() => needOpen('ENDED')).toThrow(expect.objectContaining({ code: 'STATE_FORBIDS' }))
  })
})

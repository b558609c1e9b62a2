import { describe, expect, it } from 'vitest'
import { roomsEvent, type RoomsEvent } from './rooms.js'

const AT = '2026-11-11T12:00:00.000Z'
const TOLD: readonly RoomsEvent[] = [
  {
    ...{ id: 'Room:r:v2', kind: 'rooms.roomChanged', at: AT, room: 'Room:r', version: 2, state: 'LIVE' },
    ...{ host: 'Member:h', title: 'An evening' },
  },
  {
    ...{ id: 'Room:r:Variant:v:v1', kind: 'rooms.shelfChanged', at: AT, room: 'Room:r', version: 1 },
    ...{ variant: 'Variant:v', product: 'Product:p', roomPriceMinor: null, currency: null, shelved: true },
  },
  {
    ...{ id: 'Draw:d:closed', kind: 'rooms.drawClosed', at: AT, draw: 'Draw:d', room: 'Room:r' },
    ...{ prize: 'A kettle', winners: ['Member:a'] },
  },
]

describe('an event of rooms', () => {
  it.each(TOLD)('is read as it was told: $kind', (event) => {
    expect(roomsEvent(JSON.parse(JSON.stringify(event)))).toEqual(event)
  })

  it('of a kind that is not known yet is no event', () => {
    expect(roomsEvent({ id: 'x', at: AT, kind: 'rooms.danced' })).toBeNull()
  })

  it('is refused when a field is not what it should be', () => {
    expect(() => roomsEvent({ ...TOLD[0], state: 'ASLEEP' })).toThrow(/roomChanged.state must be one of/)
  })
})

import { describe, it } from 'vitest'
import { openHouse } from '../support/house.js'
import { anEvening } from './evening.js'

describe('an evening in a room, the whole house in one process', () => {
  it('is seen by everybody alike, sells what there is, and draws so that anybody can draw again', async () => {
    const house = await openHouse()
    try {
      await anEvening({
        url: house.url,
        socketUrl: house.socketUrl,
        token: (claims) => house.shop.token(claims),
        as: (claims) => house.as(claims),
      })
    } finally {
      await house.stop()
    }
  }, 120_000)
})

import { describe, expect, it } from 'vitest'
import { openProcesses, servers } from '../support/processes.js'
import { anEvening } from './evening.js'

const there = servers()
const title = 'an evening in a room, a process for each part, on PostgreSQL and Redis'

if (there === null && process.env['CI'] === 'true')
  it(`${title}: both servers are installed`, () => expect.fail('PostgreSQL or Redis is missing'))

describe.skipIf(there === null)(there === null ? `${title} (skipped: a server is not installed here)` : title, () => {
  it('is the same evening', async () => {
    const house = await openProcesses(there?.postgres ?? '', there?.redis ?? '')
    try {
      await anEvening(house)
    } finally {
      await house.stop()
    }
  }, 240_000)
})

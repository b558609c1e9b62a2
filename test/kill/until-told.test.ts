import { describe, expect, it } from 'vitest'
import { NOTHING } from './still-open.js'
import { LOOKS, untilTold } from './until-told.js'

const noRest = () => Promise.resolve()

describe('who waits until all is told', () => {
  it('waits as long as anything moves, however long it takes', async () => {
    let left = LOOKS * 3
    const look = () => Promise.resolve(left === 0 ? NOTHING : `events unheard: ${Math.ceil(left-- / (LOOKS - 1))}`)
    expect(await untilTold(look, noRest)).toEqual([])
    expect(left).toBe(0)
  })

  it('gives up a shop that stands still, and tells what it left open', async () => {
    let looks = 0
    const look = () => Promise.resolve(++looks < 5 ? `payments undecided: ${20 - looks}` : 'payments undecided: 10')
    expect(await untilTold(look, noRest)).toEqual([expect.stringContaining('payments undecided: 10')])
    expect(looks).toBe(4 + LOOKS)
  })
})

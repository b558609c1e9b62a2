import { describe, expect, it } from 'vitest'
import { silent, type Labels } from '../platform/observe/observer.js'
import { fakeClock } from '../test/support/fake-clock.js'
import { operationFigures } from './operation-figures.js'

describe('figures of operations', () => {
  it('bear a bounded number of names, those of trusted documents first', async () => {
    const timed: (readonly [string | undefined, number])[] = []
    const time = (_name: string, seconds: number, labels: Labels = {}): void =>
      void timed.push([labels['operation'], seconds])
    const clock = fakeClock()
    const figures = operationFigures({ most: 2, trusted: ['Trusted'] }, { clock, observer: { ...silent, time } })
    const begun = figures.begin()
    await clock.advance(250)
    for (const name of ['First', 'Second', 'Trusted', null, 'First']) figures.over(begun, name, 'nothing')
    expect(timed).toEqual(['First', 'other', 'Trusted', 'unnamed', 'First'].map((name) => [name, 0.25]))
  })
})

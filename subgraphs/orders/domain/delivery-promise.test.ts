import { describe, expect, it } from 'vitest'
import { deliveryPromise, readWarehouses } from './delivery-promise.js'

const warehouses = readWarehouses('310000: 31=1 *=3 5401=9 54=-; 440000: 44=1 4401=0 *=4 54=- 31=2')
const promised = (region: string, at = '2026-11-11T02:00:00Z') => {
  const promise = deliveryPromise(warehouses, region, new Date(at))
  return promise && [promise.warehouse, promise.leavesBy.toISOString(), promise.arrivesBy.toISOString()]
}

describe('a delivery promise', () => {
  it('is that of the warehouse which is fastest there', () => {
    expect(promised('310101')).toEqual(['310000', '2026-11-11T16:00:00.000Z', '2026-11-12T16:00:00.000Z'])
    expect(promised('440304')?.[0]).toBe('440000')
    expect(promised('650100')).toEqual(['310000', '2026-11-11T16:00:00.000Z', '2026-11-14T16:00:00.000Z'])
  })

  it('goes by what names the region most narrowly', () => {
    expect(promised('440106')?.[2]).toBe('2026-11-11T16:00:00.000Z')
    expect(promised('540102')?.[2]).toBe('2026-11-20T16:00:00.000Z')
  })

  it('is none where nobody delivers', () => {
    expect(promised('540200')).toBeNull()
    expect(deliveryPromise(readWarehouses('310000: 31=1'), '440106', new Date())).toBeNull()
  })

  it.each([
    ['2026-11-11T07:59:59Z', '2026-11-11T16:00:00.000Z'],
    ['2026-11-11T08:00:00Z', '2026-11-12T16:00:00.000Z'],
    ['2026-11-11T16:00:00Z', '2026-11-12T16:00:00.000Z'],
  ])('of what is ordered at %s leaves by the day that 16:00 in China decides', (at, leaves) => {
    expect(promised('310101', at)?.[1]).toBe(leaves)
  })

  it.each(['', '310000', '31: 31=1', '310000: 3=1', '310000: 31=x'])('cannot be read from %j', (written) => {
    expect(() => readWarehouses(written)).toThrow('of the form')
  })
})

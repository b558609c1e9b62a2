import { describe, expect, it } from 'vitest'
import { deliversTo } from '../../../schema/regions.js'
import { readDelivery, regionCode } from './delivery.js'

const delivery = (only: readonly string[], except: readonly string[] = []) => readDelivery({ only, except })

describe('delivery', () => {
  it.each<[string, ReturnType<typeof delivery>, string, boolean]>([
    ['everywhere when nothing is said', delivery([]), '110105', true],
    ['not to what is excepted', delivery([], ['65']), '650102', false],
    ['to the named provinces alone', delivery(['11', '31']), '310101', true],
    ['nowhere else', delivery(['11', '31']), '440305', false],
    ['to a city of a province that is excepted', delivery(['6501'], ['65']), '650102', true],
    ['not to a district of a city that is named', delivery(['1101'], ['110105']), '110105', false],
    ['not to what is named both ways', delivery(['11'], ['11']), '110105', false],
    ['to a street of a district that is named', delivery(['110105']), '110105003001', true],
  ])('goes %s', (_, it, region, goes) => {
    expect(deliversTo(it, region)).toBe(goes)
  })

  it.each(['1', '123', 'ab', '1234567'])('refuses %j as a region', (code) => {
    expect(() => delivery([code])).toThrow(/2, 4 or 6 digits|1 to 6 characters/)
  })

  it('keeps each region once, in order', () => {
    expect(delivery(['31', '11', '31']).only).toEqual(['11', '31'])
  })

  it('refuses the region of an address that is none', () => {
    expect(() => regionCode('1101', 'regionCode')).toThrow('6, 9 or 12 digits')
  })
})

import { describe, expect, it } from 'vitest'
import { personalWith } from '../../../platform/personal.js'
import { seededChance } from '../../../platform/time/chance.js'
import { addressesWith } from './seal-address.js'

const KEY = Buffer.alloc(32, 1)
const ADDRESS = { regionCode: '110101', line: 'Street 9', receiver: 'Zhang', phone: '138' }
const OF = { partner: 'acme', partnerOrder: 'A1' }
const addresses = addressesWith(KEY, seededChance(1))
const bytes = (sealed: string) => Buffer.from(sealed, 'base64')

describe('a sealed address', () => {
  it('is opened again for its own order alone', () => {
    const { sealed } = addresses.seal(ADDRESS, OF)
    expect(addresses.open(bytes(sealed), OF)).toEqual(ADDRESS)
    expect(() => addresses.open(bytes(sealed), { ...OF, partnerOrder: 'A2' })).toThrow()
  })

  it('is known again by its hash, and never sealed twice alike', () => {
    const [one, other] = [addresses.seal(ADDRESS, OF), addresses.seal(ADDRESS, OF)]
    expect(one.hash).toBe(other.hash)
    expect(one.sealed).not.toBe(other.sealed)
  })

  it('of the time before addresses were bound to orders is still opened', () => {
    const sealed = personalWith(KEY, seededChance(2)).seal(JSON.stringify(Object.values(ADDRESS)), '')
    expect(addresses.open(sealed, OF)).toEqual(ADDRESS)
  })
})

import { describe, expect, it } from 'vitest'
import { personalWith } from '../platform/personal.js'
import { secretsFrom } from '../platform/secret.js'
import { seededChance } from '../platform/time/chance.js'
import { toldAddresses } from './address.js'

const SECRETS = secretsFrom(Buffer.alloc(32, 1))
const ADDRESS = { regionCode: '110105', line: '1 Sunny Street', receiver: 'Ann', phone: '5550199' }
const OF = { member: 'Member:ann', address: 'Address:a' }
const told = toldAddresses(SECRETS, seededChance(1))
const sealed = Buffer.from(told.seal(ADDRESS, OF), 'base64')

describe('an address that is told', () => {
  it('is opened again for its member and its id alone', () => {
    expect(told.open(sealed, OF)).toEqual(ADDRESS)
    expect(() => told.open(sealed, { ...OF, member: 'Member:bob' })).toThrow()
    expect(() => told.open(sealed, { ...OF, address: 'Address:b' })).toThrow()
  })

  it('is sealed by another key than the one members keeps addresses with', () => {
    const kept = personalWith(SECRETS.key('member-address'), seededChance(2))
    expect(() => kept.open(sealed, JSON.stringify([OF.member, OF.address]))).toThrow()
  })
})

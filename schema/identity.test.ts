import { describe, expect, it } from 'vitest'
import { foreignIdentity } from './identity.js'

describe("a token of another issuer's", () => {
  it('gives scopes by either of their names, and roles and members of our form only', () => {
    const claims = { sub: 'Member:ann', roles: ['operator', 'emperor'], scope: 'read  write', exp: 5, region: 'eu' }
    expect(foreignIdentity(claims)).toMatchObject({
      member: 'Member:ann',
      partner: null,
      roles: ['operator'],
      scopes: ['read', 'write'],
      expiresAt: 5,
      claims: { region: 'eu' },
    })
    expect(foreignIdentity({ sub: 'auth0|7', scp: ['a', 7, 'b'], partner: 'kuaishou' })).toMatchObject({
      member: null,
      partner: null,
      roles: [],
      scopes: ['a', 'b'],
    })
  })
})

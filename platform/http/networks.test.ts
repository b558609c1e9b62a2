import { describe, expect, it } from 'vitest'
import { inNetworks, readNetwork } from './networks.js'

describe('an address', () => {
  const within = inNetworks(['10.1.0.0/16', '192.0.2.7', '2001:db8::/32'])

  it.each(['10.1.0.1', '10.1.255.255', '192.0.2.7', '2001:db8::1', '2001:DB8:ffff::1', '::ffff:10.1.2.3'])(
    '%s lies within the networks',
    (address) => expect(within(address)).toBe(true),
  )

  it.each(['10.2.0.1', '192.0.2.8', '2001:db9::1', '::ffff:10.2.0.1', '', 'localhost', '10.1.0.1:80', 'fe80::1%eth0'])(
    'S32 %s lies outside of them',
    (address) => expect(within(address)).toBe(false),
  )
})

describe('a network', () => {
  it.each(['10.0.0.0/33', '::/129', '10.0.0/8', 'a host', '10.0.0.0/', '10.0.0.0/-1', '', '*'])(
    'is not named by %j',
    (text) => expect(readNetwork(text)).toBeNull(),
  )

  it('of everything is one', () => {
    expect(inNetworks(['0.0.0.0/0', '::/0'])('203.0.113.9')).toBe(true)
  })
})

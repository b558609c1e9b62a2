import { describe, expect, it } from 'vitest'
import { Failure } from '../../platform/failure.js'
import { ANONYMOUS, type Identity } from '../../schema/identity.js'
import { fakeClock } from '../../test/support/fake-clock.js'
import { readBearer, untilExpiry } from './bearer.js'

const HERE = '127.0.0.1'
const clock = fakeClock()
const seconds = (from: number): number => clock.now().getTime() / 1000 + from

function reader(expiresAt: number): { read: ReturnType<typeof readBearer>; verified: string[] } {
  const verified: string[] = []
  const verify = (token: string): Promise<Identity> => {
    verified.push(token)
    return expiresAt * 1000 > clock.now().getTime()
      ? Promise.resolve({ ...ANONYMOUS, member: `Member:${token}`, expiresAt })
      : Promise.reject(new Failure('UNAUTHENTICATED', 'the token has expired'))
  }
  return { read: readBearer(verify, clock), verified }
}

describe("a bearer's token", () => {
  it('is read once and remembered for a while', async () => {
    const { read, verified } = reader(seconds(3_600))
    for (let at = 0; at < 3; at++) expect((await read('Bearer ann', HERE)).who.member).toBe('Member:ann')
    expect(verified).toEqual(['ann'])
    await clock.advance(31_000)
    await read('Bearer ann', HERE)
    expect(verified).toEqual(['ann', 'ann'])
  })

  it('is not remembered beyond its end', async () => {
    const { read } = reader(seconds(5))
    await read('Bearer ann', HERE)
    await clock.advance(5_001)
    await expect(read('Bearer ann', HERE)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  })

  it.each(['ann', 'Basic ann', 'Bearer', 'Bearer a b', 'Bearer a, Bearer b'])(
    'is refused in the form %s',
    async (header) => {
      await expect(reader(seconds(60)).read(header, HERE)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
    },
  )

  it('is nobody’s when there is none', async () => {
    expect(await reader(0).read(undefined, HERE)).toEqual({ who: ANONYMOUS, authorization: null })
  })

  it('goes down as it came where the subgraphs read it', async () => {
    expect(await readBearer(null, clock)('Basic x', HERE)).toEqual({ who: ANONYMOUS, authorization: 'Basic x' })
  })
})

describe('the token of a credential', () => {
  const credential = { id: 'pc_1', networks: ['10.1.0.0/16', '2001:db8::/32'] }
  const read = readBearer(() => Promise.resolve({ ...ANONYMOUS, partner: 'acme', credential }), clock)

  it('S32 is taken from its networks only, also when it was read before', async () => {
    expect((await read('Bearer acme', '10.1.2.3')).who.credential).toEqual(credential)
    expect((await read('Bearer acme', '2001:db8::7')).who.partner).toBe('acme')
    await expect(read('Bearer acme', '10.2.0.1')).rejects.toMatchObject({ code: 'NETWORK_FORBIDDEN' })
  })

  it('goes the long way, where more is asked of it', async () => {
    await read('Bearer acme', '10.1.2.3')
    expect(read.known('Bearer acme')).toBeNull()
  })
})

describe('the end of a token', () => {
  it('is waited for, also when it is further off than a timer reaches', async () => {
    let ended = false
    untilExpiry({ ...ANONYMOUS, expiresAt: seconds(3_000_000) }, clock, () => (ended = true))
    await clock.advance(2_999_999_000)
    expect(ended).toBe(false)
    await clock.advance(1_001)
    expect(ended).toBe(true)
  })
})

import { createServer, type Server } from 'node:http'
import { SignJWT, exportJWK, generateKeyPair, type CryptoKey } from 'jose'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { systemClock } from './time/clock.js'
import { jwksVerifier } from './jwks.js'

interface Signer {
  readonly kid: string
  readonly key: CryptoKey
  readonly jwk: object
}

let served: { status: number; body: string }
let fetched = 0
let server: Server
let url: string
let first: Signer

beforeEach(async () => {
  fetched = 0
  first = await signer('one')
  served = { status: 200, body: JSON.stringify({ keys: [first.jwk] }) }
  server = createServer((_request, response) => {
    fetched++
    response.writeHead(served.status).end(served.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/keys`
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

async function signer(kid: string): Promise<Signer> {
  const { publicKey, privateKey } = await generateKeyPair('ES256')
  return { kid, key: privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'ES256' } }
}

function tokenOf({ kid, key }: Signer, claims: Record<string, unknown> = {}): Promise<string> {
  const exp = Math.floor(systemClock.now().getTime() / 1000) + 60
  return new SignJWT({ iss: 'us', aud: 'shop', exp, ...claims }).setProtectedHeader({ alg: 'ES256', kid }).sign(key)
}

const verifier = (issuer = 'us', audience = 'shop') => jwksVerifier({ url, issuer, audience }, systemClock)

describe('a token of another issuer', () => {
  it('is read when one of the served keys signed it, and the keys are fetched once', async () => {
    const verify = verifier()
    expect(await verify(await tokenOf(first, { sub: 'a' }))).toMatchObject({ sub: 'a' })
    await verify(await tokenOf(first))
    expect(fetched).toBe(1)
  })

  it.each([
    ['of another issuer', { iss: 'them' }],
    ['for another audience', { aud: 'bank' }],
    ['that has expired', { exp: 1 }],
    ['without an end', { exp: undefined }],
    ['that is not valid yet', { nbf: 4_000_000_000 }],
  ])('%s is refused', async (_, claims) => {
    await expect(verifier()(await tokenOf(first, claims))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  })

  it('is refused when another key of the same name signed it, or when it is signed with what everybody may read', async () => {
    const forged = await signer('one')
    const secret = Buffer.from(JSON.stringify(first.jwk))
    const exp = Math.floor(systemClock.now().getTime() / 1000) + 60
    const shared = new SignJWT({ iss: 'us', aud: 'shop', exp }).setProtectedHeader({ alg: 'HS256', kid: 'one' })
    for (const token of [await tokenOf(forged), await shared.sign(secret), 'no.token.this', ''])
      await expect(verifier()(token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  })

  it('that names an unknown key is refused, and costs no more than a look at the keys', async () => {
    const verify = verifier()
    await verify(await tokenOf(first))
    const stranger = await tokenOf(await signer('two'))
    for (let times = 0; times < 5; times++)
      await expect(verify(stranger)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
    expect(fetched).toBe(1)
  })
})

describe('keys that cannot be fetched', () => {
  it.each([
    [500, '{}'],
    [200, 'no keys'],
    [200, '{"keys":7}'],
    [200, `{"keys":[],"pad":"${'x'.repeat(300_000)}"}`],
  ])('are an outage and no wrong token: %i', async (status, body) => {
    served = { status, body }
    await expect(verifier()(await tokenOf(first))).rejects.toMatchObject({ code: 'BUSY' })
  })

  it('leave those in force that were known, for a day', async () => {
    vi.useFakeTimers({ toFake: ['Date'] }) // the library's own idea of freshness has no clock to hand in
    try {
      const verify = verifier()
      const token = await tokenOf(first, { exp: Math.floor(systemClock.now().getTime() / 1000) + 1_000_000 })
      await verify(token)
      served = { status: 500, body: '' }
      vi.setSystemTime(systemClock.now().getTime() + 11 * 60_000)
      await verify(token)
      expect(fetched).toBe(2)
      vi.setSystemTime(systemClock.now().getTime() + 25 * 3_600_000)
      await expect(verify(token)).rejects.toMatchObject({ code: 'BUSY' })
    } finally {
      vi.useRealTimers()
    }
  })

  it('are not asked for again at once', async () => {
    served = { status: 500, body: '' }
    const verify = verifier()
    for (let times = 0; times < 5; times++)
      await expect(verify(await tokenOf(first))).rejects.toMatchObject({ code: 'BUSY' })
    expect(fetched).toBe(1)
  })
})

import { describe, expect, it } from 'vitest'
import { signToken, verifyToken } from './token.js'
import { systemClock, type Clock } from './time/clock.js'

const key = Buffer.alloc(32, 7)
const at = (iso: string): Clock => ({ ...systemClock, now: () => new Date(iso) })
const morning = at('2026-01-01T08:00:00Z')

describe('a token', () => {
  it('gives back the claims that were signed', async () => {
    const token = await signToken(key, { sub: 'Member:1', roles: ['host'] }, { clock: morning, seconds: 60 })
    expect(await verifyToken(key, token, morning)).toMatchObject({ sub: 'Member:1', roles: ['host'] })
  })

  it('is refused once it has expired', async () => {
    const token = await signToken(key, {}, { clock: morning, seconds: 60 })
    await expect(verifyToken(key, token, at('2026-01-01T08:01:01Z'))).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      message: 'the token has expired',
    })
  })

  it('is refused under another key, when it was changed, and when it names no algorithm', async () => {
    const token = await signToken(key, { sub: 'Member:1' }, { clock: morning, seconds: 60 })
    const [, body] = token.split('.')
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${body ?? ''}.`
    for (const wrong of [
      await signToken(Buffer.alloc(32, 8), {}, { clock: morning, seconds: 60 }),
      `${token.slice(0, -2)}aa`,
      unsigned,
      'x',
    ])
      await expect(verifyToken(key, wrong, morning)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  })
})

import { describe, expect, it } from 'vitest'
import { checkSignature, SIGNATURE_HEADER, signRequest, TIME_HEADER, type SignedRequest } from './sign-request.js'

const key = Buffer.alloc(32, 7)
const now = new Date('2026-11-11T12:00:00Z')
const request = { method: 'POST', path: '/graphql', body: '{"query":"{a}"}' }

function checked(sent: SignedRequest, at: Date, withKey = key): string {
  const headers = signRequest(withKey, request, now)
  return checkSignature(key, sent, { time: headers[TIME_HEADER], signature: headers[SIGNATURE_HEADER] }, at)
}

describe('a signed request', () => {
  it('is good within its minute', () => {
    expect(checked(request, now)).toBe('good')
    expect(checked(request, new Date(now.getTime() + 59_000))).toBe('good')
  })

  it.each([
    ['another method', { ...request, method: 'GET' }],
    ['another path', { ...request, path: '/graphql?x' }],
    ['another body', { ...request, body: '{"query":"{b}"}' }],
  ])('is wrong with %s', (_, sent) => {
    expect(checked(sent, now)).toBe('wrong')
  })

  it('is wrong when another key made it', () => {
    expect(checked(request, now, Buffer.alloc(32, 8))).toBe('wrong')
  })

  it('is old after its minute, and when it comes from the future', () => {
    expect(checked(request, new Date(now.getTime() + 61_000))).toBe('old')
    expect(checked(request, new Date(now.getTime() - 61_000))).toBe('old')
  })

  it('is missing or wrong when its headers are absent or no signature at all', () => {
    expect(checkSignature(key, request, { time: undefined, signature: undefined }, now)).toBe('missing')
    expect(checkSignature(key, request, { time: '1', signature: 'zz' }, now)).toBe('wrong')
    expect(checkSignature(key, request, { time: 'now', signature: 'a'.repeat(64) }, now)).toBe('wrong')
  })
})

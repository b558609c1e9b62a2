import { describe, expect, it } from 'vitest'
import { Failure } from '../../../platform/failure.js'
import { secretsFrom } from '../../../platform/secret.js'
import { readTickets, signTicket } from './sign-ticket.js'

const secrets = secretsFrom(Buffer.alloc(32, 7))
const ticket = {
  flashSale: 'FlashSale:s1',
  buyer: 'Member:ann',
  number: 42,
  expiresAt: new Date('2026-11-11T12:00:00Z'),
}
const token = signTicket(secrets.key('queue'), ticket)

function codeOf(tokens: readonly string[], buyer = 'Member:ann'): string {
  try {
    readTickets(tokens, secrets, buyer)
  } catch (error) {
    if (error instanceof Failure) return error.code
    throw error
  }
  return 'taken'
}

describe('a queue ticket', () => {
  it('is read as it was signed', () => {
    expect(readTickets([token], secrets, 'Member:ann')).toEqual([ticket])
  })

  it('is refused when anything in it was changed, or another key made it', () => {
    const [words = '', tag = ''] = token.split('.')
    const better = Buffer.from(Buffer.from(words, 'base64url').toString().replace('42', '1')).toString('base64url')
    const forged = signTicket(secretsFrom(Buffer.alloc(32, 8)).key('queue'), ticket)
    const wrong = [`${better}.${tag}`, `${words}.`, words, `${token}.${tag}`, `${words}.${tag.slice(0, -1)}`, forged]
    expect(wrong.map((one) => codeOf([one]))).toEqual(wrong.map(() => 'TICKET_FORGED'))
  })

  it("is refused in another member's hand", () => {
    expect(codeOf([token], 'Member:bob')).toBe('TICKET_OTHER_MEMBER')
  })

  it('is one of ten at most', () => {
    expect(codeOf(Array.from({ length: 11 }, () => token))).toBe('BAD_USER_INPUT')
  })
})

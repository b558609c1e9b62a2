import { describe, expect, it } from 'vitest'
import { readKuaishouConfig } from './config.js'
import { openMessage, sign, verifiedParam } from './signature.js'

const config = readKuaishouConfig({})
const now = new Date(1592280000000)
const call = {
  ...{ access_token: 'tok-demo-001', appkey: 'ks000000000000000001', method: 'open.order.cursor.list', version: '1' },
  param:
    '{"pageSize":50,"orderViewStatus":1,"queryType":2,"beginTime":1592265600000,"endTime":1592280000000,"cursor":""}',
  ...{ signMethod: 'HMAC_SHA256', timestamp: '1592280000000' },
}
const form = (params: Readonly<Record<string, string>>, signed = sign(params, config.signSecret)) =>
  Buffer.from(new URLSearchParams({ ...params, sign: signed }).toString())

describe('the signature of a call', () => {
  it('is the worked one for both methods', () => {
    expect(sign(call, 'sandbox-sign-secret')).toBe('HRqFHvN2hw6mXv6gsirGDkneaKPRsWEyHxyoGfVSD5k=')
    expect(sign({ ...call, signMethod: 'MD5' }, 'sandbox-sign-secret')).toBe('13c70d240f8b15d046d4e2688224268c')
  })

  it('is the published one for a call without param', () => {
    const { param, ...bare } = { ...call, appkey: 'ks-app', method: 'open.item.category', access_token: 'token-abc' }
    const published = { ...bare, signMethod: 'HMAC-SHA256', timestamp: '1790899200000' }
    expect(param).toBe(call.param)
    expect(sign(published, 'ks-secret')).toBe('9lT8m0NV1NiJRlNH4T8PwK1sEutLkIOt2fHP55PMFeo=')
  })

  it('is refused when the call was changed, unsigned, another app’s or too old', () => {
    const refused = { code: 'SIGNATURE_INVALID' }
    const good = sign(call, config.signSecret)
    const tampered = { ...call, param: call.param.replace('50', '51') }
    expect(verifiedParam(form(call), config, now)).toBe(call.param)
    expect(() => verifiedParam(form(tampered, good), config, now)).toThrow(expect.objectContaining(refused))
    expect(() => verifiedParam(form(call, ''), config, now)).toThrow(expect.objectContaining(refused))
    expect(() => verifiedParam(form({ ...call, appkey: 'ks2' }), config, now)).toThrow(expect.objectContaining(refused))
    const late = new Date(now.getTime() + 3_600_000)
    expect(() => verifiedParam(form(call), config, late)).toThrow(expect.objectContaining(refused))
  })
})

describe('a message', () => {
  it('opens to the worked ones', () => {
    const beat = openMessage(Buffer.from('watm3Pt/wCJGbPJJXW0XpA=='), config.messageKey)
    expect(Buffer.from(beat).toString()).toBe('{"test":true}')
  })

  it('is refused when it was encrypted with another key, or is no message at all', () => {
    const other = Buffer.from('fedcba9876543210').toString('base64')
    for (const [body, key] of [
      ['watm3Pt/wCJGbPJJXW0XpA==', other],
      ['nonsense', config.messageKey],
    ] as const)
      expect(() => openMessage(Buffer.from(body), key)).toThrow(expect.objectContaining({ code: 'SIGNATURE_INVALID' }))
  })
})

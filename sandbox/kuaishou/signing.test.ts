import { describe, expect, it } from 'vitest'
import { isSigned, signatureOf } from './signing.js'

const secret = 'sandbox-sign-secret'
const call = (change: Readonly<Record<string, string>> = {}) =>
  new Map(
    Object.entries({
      ...{ access_token: 'tok-demo-001', appkey: 'ks000000000000000001', method: 'open.order.cursor.list' },
      param:
        '{"pageSize":50,"orderViewStatus":1,"queryType":2,"beginTime":1592265600000,"endTime":1592280000000,"cursor":""}',
      ...{ signMethod: 'HMAC_SHA256', timestamp: '1592280000000', version: '1' },
      ...change,
    }),
  )

describe('the signature of a call', () => {
  it('is the worked one for both methods', () => {
    expect(signatureOf(call(), secret)).toBe('HRqFHvN2hw6mXv6gsirGDkneaKPRsWEyHxyoGfVSD5k=')
    expect(signatureOf(call({ signMethod: 'MD5' }), secret)).toBe('13c70d240f8b15d046d4e2688224268c')
  })

  it('is refused when the call was changed after signing', () => {
    const sign = 'HRqFHvN2hw6mXv6gsirGDkneaKPRsWEyHxyoGfVSD5k='
    const tampered = call({ sign, param: (call().get('param') ?? '').replace('50', '51') })
    expect(signatureOf(tampered, secret)).toBe('z9kbPqM/7ZsayETtwBt0GFjb9/V7KyrB6VpR4Tp+vRU=')
    expect(isSigned(call({ sign }), secret)).toBe(true)
    expect(isSigned(tampered, secret)).toBe(false)
  })

  it('is compared without case for MD5, exactly for Base64, and is refused by another method', () => {
    const md5 = '13C70D240F8B15D046D4E2688224268C'
    expect(isSigned(call({ signMethod: 'MD5', sign: md5 }), secret)).toBe(true)
    expect(isSigned(call({ sign: 'hrqFHvN2hw6mXv6gsirGDkneaKPRsWEyHxyoGfVSD5k=' }), secret)).toBe(false)
    expect(isSigned(call({ signMethod: 'HMAC-SHA256', sign: md5 }), secret)).toBe(false)
  })
})

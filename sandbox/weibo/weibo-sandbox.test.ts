import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call } from '../../platform/http/call.js'
import { silent } from '../../platform/observe/observer.js'
import { fakeClock } from '../../test/support/fake-clock.js'
import { openWeiboSandbox, type WeiboSandbox } from './weibo-sandbox.js'

const TEXT = 'Look at this https://shop.example/l/abc'

describe('the social network', () => {
  const clock = fakeClock()
  let sandbox: WeiboSandbox
  beforeAll(async () => {
    const app = { legacy: true, business: true }
    sandbox = await openWeiboSandbox({ port: 0, clock, observer: silent, seed: 1, faults: [], app })
  })
  afterAll(() => sandbox.stop())

  interface Answer {
    readonly status: number
    readonly body: string
    readonly json: Record<string, unknown>
  }
  async function ask(method: 'GET' | 'POST', path: string, params: Record<string, string>): Promise<Answer> {
    const form = new URLSearchParams(params).toString()
    const answer = await call({
      url: sandbox.url + path + (method === 'GET' ? `?${form}` : ''),
      method,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      ...(method === 'POST' && { body: form }),
      timeoutMs: 5_000,
      mostBytes: 1_000_000,
    })
    const body = answer.body.toString('utf8')
    return { status: answer.status, body, json: (body === '' ? {} : JSON.parse(body)) as Record<string, unknown> }
  }
  const exchange = (code: string) =>
    ask('POST', '/oauth2/access_token', {
      ...{ client_id: 'wb-app', client_secret: 'wb-secret', grant_type: 'authorization_code', code },
      redirect_uri: 'https://shop.example/cb',
    })
  async function token(uid: string): Promise<string> {
    return String((await exchange(sandbox.consent(uid))).json['access_token'])
  }
  const share = (access_token: string, status: string) =>
    ask('POST', '/2/statuses/share.json', { access_token, status })

  it('changes the code of the worked example for its token, once', async () => {
    expect((await exchange('abc')).json).toEqual({
      ...{ access_token: '2.00demo', remind_in: '157679999', expires_in: 157_679_999, uid: '1404376560' },
    })
    expect(await exchange('abc')).toMatchObject({
      status: 400,
      json: {
        ...{ error: 'invalid_grant', error_code: 21_325, request: '/oauth2/access_token' },
        ...{ error_uri: '/oauth2/access_token', error_description: 'invalid authorization code:abc' },
      },
    })
  })

  it('sends a browser back with a code and the state', async () => {
    const query = { client_id: 'wb-app', response_type: 'code', redirect_uri: 'https://shop.example/cb', state: 's1' }
    const answer = await call({
      url: `${sandbox.url}/oauth2/authorize?${new URLSearchParams(query).toString()}`,
      ...{ method: 'GET', timeoutMs: 5_000, mostBytes: 1_000 },
    })
    expect(answer.status).toBe(302)
    expect(answer.headers.get('location')).toMatch(/^https:\/\/shop\.example\/cb\?code=[0-9a-f]{32}&state=s1$/)
  })

  it('shows a post with an id that a double would round', async () => {
    const { json, body } = await share(await token('10001'), TEXT)
    expect(String(json['id'])).not.toBe(json['idstr'])
    expect(body).toContain(`"id":${String(json['idstr'])},"mid":"${String(json['idstr'])}"`)
    expect(json).toMatchObject({ text: TEXT, reposts_count: 0, created_at: 'Wed Nov 11 20:00:00 +0800 2026' })
  })

  it.each([
    ['a topic', `#king# ${TEXT}`, 10_017],
    ['no link', 'Look at this', 20_018],
    ['a foreign link', 'Look https://evil.example/', 20_018],
    ['a look-alike', 'Look https://shop.example.evil.com/', 20_018],
    ['too many words', `${'长'.repeat(130)} https://shop.example/l/abc`, 20_012],
    ['no words', ' ', 20_008],
  ])('refuses a text with %s', async (_, status, code) => {
    expect(await share(await token('10002'), status)).toMatchObject({ status: 400, json: { error_code: code } })
  })

  it('refuses the same text again', async () => {
    const access = await token('10003')
    await share(access, TEXT)
    expect((await share(access, TEXT)).json['error_code']).toBe(20_019)
  })

  it('looks at the token before anything else', async () => {
    expect((await ask('POST', '/2/statuses/share.json', {})).json['error_code']).toBe(10_006)
    expect(await share('2.00forged', '')).toMatchObject({ status: 403, json: { error_code: 21_301 } })
  })

  it('leaves unknown ids out of the figures without a word, and takes no more than a hundred', async () => {
    const access_token = await token('10004')
    const { json } = await share(access_token, TEXT)
    const id = String(json['idstr'])
    sandbox.read(id)
    const figures = await ask('GET', '/2/statuses/count.json', { access_token, ids: `1,${id}` })
    expect(figures.body).toContain(`[{"id":${id},"comments":`)
    const many = Array.from({ length: 101 }, () => id).join(',')
    expect((await ask('GET', '/2/statuses/count.json', { access_token, ids: many })).json['error_code']).toBe(20_009)
  })

  it('grants a hundred calls a day, thirty of them writing in an hour', async () => {
    const access_token = await token('10005')
    const codes: unknown[] = []
    for (let nth = 0; nth < 31; nth++) codes.push((await share(access_token, `${TEXT}?${nth}`)).json['error_code'])
    expect(codes.at(-1)).toBe(10_024)
    for (let nth = 0; nth < 70; nth++) await ask('GET', '/2/users/show.json', { access_token })
    const over = await ask('GET', '/2/users/show.json', { access_token })
    expect(over).toMatchObject({ status: 403, json: { error_code: 10_023, error: 'User requests out of rate limit!' } })
    await clock.advance(86_400_000)
    expect((await ask('GET', '/2/users/show.json', { access_token })).status).toBe(200)
  })

  it('can lie about what is left', async () => {
    const access_token = await token('10006')
    sandbox.faults.set(['limit'], 'always')
    const { json } = await ask('GET', '/2/account/rate_limit_status.json', { access_token })
    const refused = await ask('GET', '/2/users/show.json', { access_token })
    sandbox.faults.set([])
    expect([json['remaining_user_hits'], refused.json['error_code']]).toEqual([150, 10_023])
  })

  it('can make a post late: it says so, and shows it after two minutes', async () => {
    const access_token = await token('10007')
    sandbox.faults.set(['late'], 'always')
    expect((await share(access_token, TEXT)).json['error_code']).toBe(20_032)
    sandbox.faults.set([])
    const late = [...sandbox.memory.statuses.values()].at(-1)
    const seen = async () => (await ask('GET', '/2/statuses/show.json', { access_token, id: late?.id ?? '' })).json
    expect((await seen())['error_code']).toBe(20_101)
    await clock.advance(120_000)
    expect((await seen())['idstr']).toBe(late?.id)
  })

  it('shortens twenty links at once for old apps', async () => {
    const access_token = await token('10008')
    const { json } = await ask('GET', '/2/short_url/shorten.json', {
      access_token,
      url_long: 'https://shop.example/f/7?i=u1001&c=dhw',
    })
    expect(json).toEqual({
      urls: [
        {
          url_short: 'http://t.cn/demo0001',
          url_long: 'https://shop.example/f/7?i=u1001&c=dhw',
          type: 0,
          result: true,
        },
      ],
    })
  })

  it('pushes nothing', async () => {
    expect((await ask('POST', '/webhook', {})).status).toBe(404)
  })
})

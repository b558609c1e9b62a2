import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deferred } from '../deferred.js'
import { silent } from '../observe/observer.js'
import { call } from './call.js'
import { jsonAnswer, type Door, type DoorAnswer } from './door.js'
import { serve, type Serving } from './serve.js'
import { Failure } from '../failure.js'

const doors: readonly Door[] = [
  {
    method: 'POST',
    path: '/echo/:word',
    answer: (it) =>
      Promise.resolve(
        jsonAnswer(200, {
          word: it.path.get('word'),
          bytes: Buffer.from(it.body).toString('hex'),
          q: it.query.get('q'),
        }),
      ),
  },
  { method: 'GET', path: '/large', answer: () => Promise.resolve(jsonAnswer(200, 'x'.repeat(2000))) },
  { method: 'GET', path: '/never', answer: () => new Promise(() => {}) },
  {
    method: 'GET',
    path: '/away',
    answer: () => Promise.resolve({ status: 302, headers: { location: '/large' }, body: '' }),
  },
  { method: 'GET', path: '/refused', answer: () => Promise.reject(new Failure('NOT_FOUND', 'nothing here')) },
  { method: 'GET', path: '/broken', answer: () => Promise.reject(new Error('select * from secret')) },
]
let served: Serving
beforeAll(async () => {
  served = await serve({ doors, port: 0, observer: silent })
})
afterAll(() => served.stop())

const get = (path: string, timeoutMs = 5000) =>
  call({ url: served.url + path, method: 'GET', timeoutMs, mostBytes: 1000 })

describe('a call', () => {
  it('brings bytes to a door as they were sent, whatever their content type says', async () => {
    const { body } = await call({
      url: `${served.url}/echo/a%2Fb?q=1`,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{bad',
      timeoutMs: 5000,
      mostBytes: 1000,
    })
    expect(JSON.parse(body.toString())).toEqual({ word: 'a/b', bytes: Buffer.from('{bad').toString('hex'), q: '1' })
  })

  it('S23 never reads more than allowed', async () => {
    await expect(get('/large')).rejects.toMatchObject({ code: 'CALL_TOO_LARGE' })
  })

  it('gives up after its time', async () => {
    await expect(get('/never', 50)).rejects.toMatchObject({ code: 'CALL_TIMEOUT' })
  })

  it('follows no redirect', async () => {
    expect((await get('/away')).status).toBe(302)
  })

  it('says so when nobody is there', async () => {
    await expect(
      call({ url: 'http://127.0.0.1:1/', method: 'GET', timeoutMs: 1000, mostBytes: 10 }),
    ).rejects.toMatchObject({ code: 'CALL_UNREACHABLE' })
  })
})

describe('a server of doors', () => {
  it('ends at once when its last call under way has been answered', async () => {
    const [begun, late] = [deferred<null>(), deferred<DoorAnswer>()]
    const slow = (): Promise<DoorAnswer> => {
      begun.resolve(null)
      return late.promise
    }
    const other = await serve({ doors: [{ method: 'GET', path: '/slow', answer: slow }], port: 0, observer: silent })
    const asked = call({ url: `${other.url}/slow`, method: 'GET', timeoutMs: 5000, mostBytes: 1000 })
    await begun.promise
    const stopped = other.stop()
    late.resolve(jsonAnswer(200, 'late'))
    expect((await asked).status).toBe(200)
    await stopped
  }, 5000)
})

describe('a door', () => {
  it('turns a refusal into its status and code', async () => {
    const { status, body } = await get('/refused')
    expect([status, body.toString()]).toEqual([404, '{"error":{"code":"NOT_FOUND","message":"nothing here"}}'])
  })

  it('S36 tells nothing of what failed inside', async () => {
    const { status, body } = await get('/broken')
    expect(status).toBe(500)
    expect(body.toString()).not.toContain('select')
  })

  it('S24 refuses a body over its bound', async () => {
    const sent = call({
      url: `${served.url}/echo/x`,
      method: 'POST',
      body: Buffer.alloc(1_100_000),
      timeoutMs: 5000,
      mostBytes: 1000,
    })
    expect((await sent).status).toBe(413)
  })
})

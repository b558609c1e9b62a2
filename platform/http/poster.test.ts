import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deferred } from '../deferred.js'
import { silent } from '../observe/observer.js'
import { jsonAnswer, type Door } from './door.js'
import { leanPoster } from './lean-poster.js'
import { libraryPoster } from './library-poster.js'
import type { Poster, PosterOptions } from './poster.js'
import { serve, type Serving } from './serve.js'

const reached = deferred<null>()
const doors: readonly Door[] = [
  { method: 'POST', path: '/echo', answer: (it) => Promise.resolve(jsonAnswer(200, Buffer.from(it.body).toString())) },
  { method: 'POST', path: '/large', answer: () => Promise.resolve(jsonAnswer(200, 'x'.repeat(2000))) },
  {
    method: 'POST',
    path: '/never',
    answer: () => {
      reached.resolve(null)
      return new Promise(() => {})
    },
  },
  {
    method: 'POST',
    path: '/away',
    answer: () => Promise.resolve({ status: 302, headers: { location: '/echo' }, body: '' }),
  },
]
let served: Serving
beforeAll(async () => {
  served = await serve({ doors, port: 0, observer: silent })
})
afterAll(async () => {
  await served.stop()
})

const bounds = { timeoutMs: 5_000, mostBytes: 1_000, signal: null, isSafe: true }
const post = (path: string, body = '', headers = {}) =>
  to.post(path, { 'content-type': 'application/json', ...headers }, body, bounds)

/** The one of the test. */
let to: Poster

describe.each([
  ['our own', leanPoster],
  ['our own pipelining', (origin: string, options: PosterOptions) => leanPoster(origin, { ...options, pipelining: 4 })],
  ["the library's", libraryPoster],
])('a post by %s poster', (_name, posterTo) => {
  beforeAll(() => {
    to = posterTo(served.url, { connections: 8 })
  })
  afterAll(async () => {
    await to.close()
  })

  it('brings back status, type and bytes', async () => {
    const { status, contentType, body } = await post('/echo', '价')
    expect([status, contentType?.split(';')[0], body.toString()]).toEqual([200, 'application/json', '"价"'])
  })

  it('brings back what is long, one after the other and many at once', async () => {
    const texts = Array.from({ length: 30 }, (_, at) => String(at).repeat(20))
    const all = await Promise.all(texts.map((text) => post('/echo', text)))
    expect(all.map(({ body }) => body.toString())).toEqual(texts.map((text) => JSON.stringify(text)))
  })

  it('sends no header that would end before its value does', async () => {
    await expect(post('/echo', '', { 'x-a': 'b\r\nx-c: d' })).rejects.toThrow()
  })

  it('S23 never reads more than allowed', async () => {
    await expect(post('/large')).rejects.toMatchObject({ code: 'CALL_TOO_LARGE' })
  })

  it('follows no redirect', async () => {
    expect((await post('/away')).status).toBe(302)
  })

  it('gives up after its time', async () => {
    await expect(to.post('/never', {}, '', { ...bounds, timeoutMs: 50 })).rejects.toMatchObject({
      code: 'CALL_TIMEOUT',
    })
  })

  it('ends when nobody waits for it any more, also before it began', async () => {
    const leaving = new AbortController()
    const posted = to.post('/never', {}, '', { ...bounds, signal: leaving.signal })
    await reached.promise
    leaving.abort()
    await expect(posted).rejects.toMatchObject({ code: 'CALL_UNREACHABLE' })
    await expect(to.post('/never', {}, '', { ...bounds, signal: leaving.signal })).rejects.toMatchObject({
      code: 'CALL_UNREACHABLE',
    })
  })

  it('finds nobody where nobody listens', async () => {
    await expect(posterTo('http://127.0.0.1:1', { connections: 1 }).post('/', {}, '', bounds)).rejects.toMatchObject({
      code: 'CALL_UNREACHABLE',
    })
  })
  it('sends nothing any more once it is closed, and lets what is under way end', async () => {
    const closing = posterTo(served.url, { connections: 1 })
    const last = closing.post('/echo', {}, 'last', bounds)
    const closed = closing.close()
    expect((await last).status).toBe(200)
    await closed
    await expect(closing.post('/echo', {}, '', bounds)).rejects.toThrow()
  })
})

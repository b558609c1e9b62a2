import { afterEach, describe, expect, it } from 'vitest'
import type { DoorAnswer } from '../../../platform/http/door.js'
import { serve, type Serving } from '../../../platform/http/serve.js'
import { silent } from '../../../platform/observe/observer.js'
import { systemClock, pause } from '../../../platform/time/clock.js'
import { weiboClient, type WeiboClient } from './client.js'
import { readWeiboConfig } from './config.js'

describe('a call to the network', () => {
  let stranger: Serving
  afterEach(() => stranger.stop())

  /** A client whose network answers so, whatever it is asked. */
  async function facing(answer: () => Promise<DoorAnswer>): Promise<WeiboClient> {
    stranger = await serve({
      doors: [{ method: 'POST', path: '/2/statuses/share.json', answer }],
      port: 0,
      observer: silent,
    })
    return weiboClient(readWeiboConfig({ WEIBO_URL: stranger.url, WEIBO_TIMEOUT_MS: '300' }), silent)
  }
  const said = (body: string, status = 200): DoorAnswer => ({ status, headers: {}, body })

  it.each([
    ['a page', '<html>down</html>'],
    ['nothing', ''],
    ['a post without an id', '{"text":"x"}'],
    ['a rounded id', '{"idstr":null,"mid":null,"id":3504803600500000,"text":"x"}'],
    ['hostile keys', '{"__proto__":{"idstr":"1"},"text":"x"}'],
  ])('is answered with %s: a failure with a code', async (_, body) => {
    const client = await facing(() => Promise.resolve(said(body)))
    await expect(client.share('t', 'x')).rejects.toMatchObject({ code: 'PARTNER_UNAVAILABLE' })
  })

  it('is refused with a number, whatever the status', async () => {
    const client = await facing(() => Promise.resolve(said('{"error_code":"20019","error":"Repeat content!"}', 503)))
    await expect(client.share('t', 'x')).rejects.toMatchObject({ code: 'PARTNER_REFUSED', meaning: 'repeated' })
  })

  it('S24 reads no more than its bound, and waits no longer', async () => {
    const endless = await facing(() => Promise.resolve(said(`"${'x'.repeat(2_000_000)}"`)))
    await expect(endless.share('t', 'x')).rejects.toMatchObject({ code: 'PARTNER_UNAVAILABLE' })
    await stranger.stop()
    const silentOne = await facing(async () => {
      await pause(systemClock, 1_000)
      return said('{}')
    })
    await expect(silentOne.share('t', 'x')).rejects.toMatchObject({ code: 'PARTNER_UNAVAILABLE' })
  })

  it('tells nobody the token', async () => {
    const client = await facing(() => Promise.resolve(said('', 500)))
    const failure: unknown = await client.share('2.00secret', 'x').catch((error: unknown) => error)
    expect(JSON.stringify(failure) + String(failure)).not.toContain('2.00secret')
  })
})

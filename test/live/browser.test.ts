import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { chromiumProgram } from '../../scripts/house/servers.js'
import { openBrowser } from '../support/browser.js'
import { until } from '../support/until.js'
import { openTestGateway, type TestGateway } from './open-test-gateway.js'
import { LIVE_ROOM, testRoom, type TestRoom } from './room.js'

const WATCH = 'subscription W($after: String) { happened(room: 1, after: $after) { cursor seq } }'

let browser: Browser | null
let page: Page
let room: TestRoom
let gateway: TestGateway
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser?.close())
beforeEach(async () => {
  room = testRoom(LIVE_ROOM)
  gateway = await openTestGateway(room.parts, { subscribe: room.subscribe })
  page = (await browser?.newPage()) as Page // these tests do not run without a browser
  await page.goto(`${gateway.url}/health`)
})
afterEach(async () => {
  await page.close()
  await gateway.stop()
})

/** Runs a script in the page; it pushes onto `heard` what it hears. */
async function runs(script: string): Promise<void> {
  await page.evaluate(`globalThis.heard = []; ${script}`)
}

function heard(): Promise<unknown[]> {
  return page.evaluate('globalThis.heard')
}

function tell(...seqs: readonly number[]): void {
  for (const seq of seqs) room.tell({ seq, cursor: String(seq) })
}

// In CI a missing browser is a failure: what nobody ran is not known to work.
describe.skipIf(chromiumProgram() === null && process.env['CI'] !== 'true')('in Chromium (Debian’s)', () => {
  it('a WebSocket is told events in order', async () => {
    await runs(`const socket = new WebSocket(location.origin.replace('http', 'ws') + '/graphql', 'graphql-transport-ws')
      socket.onopen = () => socket.send('{"type":"connection_init"}')
      socket.onmessage = ({ data }) => {
        const message = JSON.parse(data)
        if (message.type === 'connection_ack')
          socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: ${JSON.stringify(WATCH)} } }))
        else heard.push(message.payload.data.happened.seq)
      }`)
    await until(() => gateway.live.viewers === 1)
    tell(1, 2, 3)
    await until(async () => (await heard()).length === 3)
    expect(await heard()).toEqual([1, 2, 3])
  })

  it('R23 an EventSource that loses its line comes back by itself and misses nothing', async () => {
    await runs(`const source = new EventSource('/graphql?query=' + encodeURIComponent(${JSON.stringify(WATCH)}))
      source.addEventListener('next', ({ data }) => heard.push(JSON.parse(data).data.happened.seq))`)
    await until(() => gateway.live.viewers === 1)
    tell(1, 2)
    await until(async () => (await heard()).length === 2)
    const port = Number(new URL(gateway.url).port)
    await gateway.stop()
    tell(3, 4)
    gateway = await openTestGateway(room.parts, { subscribe: room.subscribe, config: { port } })
    await until(() => gateway.live.viewers === 1)
    tell(5)
    await until(async () => (await heard()).length >= 5)
    expect(await heard()).toEqual([1, 2, 3, 4, 5])
  })
})

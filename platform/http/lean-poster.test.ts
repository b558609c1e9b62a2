import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { leanPoster } from './lean-poster.js'
import type { PostBounds, Poster } from './poster.js'

const BOUNDS: PostBounds = { timeoutMs: 5_000, mostBytes: 1_000, signal: null, isSafe: true }
const REQUEST = /^POST [^]*?\r\n\r\n(\w{3})/

/** Hears the body of a request, three letters, and the connection on which it came. */
type Heard = (body: string, socket: Socket, connection: number) => void

let server: Server
let poster: Poster
afterEach(async () => {
  await poster.close()
  server.close()
})

/** Asks a server that does what the test says. */
async function asking(heard: Heard): Promise<(body: string, bounds?: Partial<PostBounds>) => Promise<string>> {
  let connections = 0
  server = createServer((socket) => {
    const connection = ++connections
    let read = ''
    socket.on('error', () => undefined)
    socket.on('data', (bytes) => {
      read += bytes.toString()
      for (let found = REQUEST.exec(read); found !== null; found = REQUEST.exec(read)) {
        read = read.slice(found[0].length)
        heard(found[1] ?? '', socket, connection)
      }
    })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo // it listens at a port
  poster = leanPoster(`http://127.0.0.1:${port}`, { connections: 4, pipelining: 3 })
  return async (body, bounds) => (await poster.post('/', {}, body, { ...BOUNDS, ...bounds })).body.toString()
}

function answer(socket: Socket, text: string): void {
  socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${text.length}\r\n\r\n${text}`)
}

describe('posts that share a connection', () => {
  it('go out together, as many as may, and each gets its own answer', async () => {
    const ask = await asking((body, socket, connection) => answer(socket, `${body} ${connection}`))
    expect(await Promise.all(['one', 'two', 'six', 'ten'].map((body) => ask(body)))).toEqual([
      'one 1',
      'two 1',
      'six 1',
      'ten 2',
    ])
  })

  it('are never joined by one that changes something', async () => {
    const ask = await asking((body, socket, connection) => answer(socket, `${body} ${connection}`))
    const all = [ask('one'), ask('add', { isSafe: false }), ask('two'), ask('put', { isSafe: false })]
    expect(await Promise.all(all)).toEqual(['one 1', 'add 2', 'two 1', 'put 3'])
  })

  it('are sent again, once, when the connection fails before their turn', async () => {
    const ask = await asking((body, socket, connection) => {
      if (connection === 1) socket.destroy()
      else answer(socket, body)
    })
    const [first, second] = await Promise.allSettled([ask('one'), ask('two')])
    expect(first).toMatchObject({ status: 'rejected', reason: { code: 'CALL_UNREACHABLE' } })
    expect(second).toMatchObject({ status: 'fulfilled', value: 'two' })
  })

  it('are none for a while after a connection has failed those behind', async () => {
    const ask = await asking((body, socket, connection) => {
      if (connection === 1) socket.destroy()
      else answer(socket, `${body} ${connection}`)
    })
    await Promise.allSettled([ask('one'), ask('two')])
    const all = await Promise.all(['one', 'two', 'six'].map((body) => ask(body)))
    expect(new Set(all.map((answered) => answered.slice(-1))).size).toBe(3)
  })

  it('are not sent for ever to a host that always fails', async () => {
    const ask = await asking((_body, socket) => socket.destroy())
    const all = await Promise.allSettled(['one', 'two', 'six'].map((body) => ask(body)))
    expect(all.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
  })

  it('get their own answers when the one before them is waited for no more', async () => {
    const ask = await asking((body, socket) => answer(socket, body))
    const left = new AbortController()
    const gone = ask('six', { signal: left.signal })
    const behind = ask('ten')
    left.abort()
    await expect(gone).rejects.toMatchObject({ code: 'CALL_UNREACHABLE' })
    expect(await behind).toBe('ten')
  })

  it('are sent again alone when the one before them takes long', async () => {
    const held: Socket[] = []
    const ask = await asking((body, socket, connection) => {
      if (connection === 1) held.push(socket)
      else answer(socket, `${body} ${connection}`)
    })
    const first = ask('one')
    expect(await Promise.all([ask('two'), ask('six')])).toEqual(['two 2', 'six 3'])
    expect(await ask('ten')).toMatch(/ten [23]/)
    for (const socket of held.slice(0, 1)) answer(socket, 'one')
    expect(await first).toBe('one')
  })

  it('are of one group, and none that may share with nobody', async () => {
    const ask = await asking((body, socket, connection) => answer(socket, `${body} ${connection}`))
    const all = [
      ask('one', { group: null }),
      ask('two', { group: 'a' }),
      ask('six', { group: 'a' }),
      ask('ten', { group: 'b' }),
    ]
    expect(await Promise.all(all)).toEqual(['one 1', 'two 2', 'six 2', 'ten 3'])
  })

  it('end with the first one that is too large, and the others are asked again', async () => {
    const ask = await asking((body, socket) => answer(socket, body === 'one' ? 'x'.repeat(2_000) : body))
    const [first, second] = await Promise.allSettled([ask('one'), ask('two')])
    expect(first).toMatchObject({ reason: { code: 'CALL_TOO_LARGE' } })
    expect(second).toMatchObject({ value: 'two' })
  })
})

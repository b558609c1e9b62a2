import { request } from 'undici'
import WebSocket from 'ws'

/** Sends one request, as its JSON, and waits for its end. Null when that was answered or refused in good manners, else what was wrong. */
export interface Sender {
  send(body: string): Promise<string | null>
  stop(): void
}

/** The ways of an attacker: requests one after the other, and a socket that stays. */
export const SENDERS: Readonly<Record<'POST' | 'WebSocket', (url: string) => Sender>> = {
  POST: overHttp,
  WebSocket: overSocket,
}

const HEADERS = { 'content-type': 'application/json' }
/** A fault of the gateway's own, wherever it is told. */
const FAULT = '"INTERNAL_SERVER_ERROR"'

function overHttp(url: string): Sender {
  return {
    async send(body) {
      try {
        const answer = await request(`${url}/graphql`, { method: 'POST', headers: HEADERS, body })
        const text = await answer.body.text()
        if (answer.statusCode >= 500) return `status ${answer.statusCode}: ${text.slice(0, 200)}`
        return text.includes(FAULT) ? text.slice(0, 200) : null
      } catch (fault) {
        return hungUp(fault)
      }
    },
    stop: () => undefined,
  }
}

/** A body that is too large is refused before its end, and who goes on writing finds the line cut: an answer too. */
function hungUp(fault: unknown): null {
  const code = fault instanceof Error && 'code' in fault ? fault.code : null
  if (code !== 'EPIPE' && code !== 'ECONNRESET' && code !== 'UND_ERR_SOCKET') throw fault
  return null
}

/** Codes of a close that is no refusal: a fault of the server, and a connection that broke. */
const BROKEN = [1006, 1011]

/** One operation at a time; a socket that was closed is opened again. */
function overSocket(url: string): Sender {
  let socket: Promise<WebSocket> | null = null
  let id = 0
  const open = (): Promise<WebSocket> =>
    new Promise((resolve, reject) => {
      const opened = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws')
      opened.on('error', reject)
      opened.once('open', () => opened.send('{"type":"connection_init"}'))
      opened.once('message', () => resolve(opened))
    })
  const standing = async (): Promise<WebSocket> => {
    const known = await socket
    return known?.readyState === WebSocket.OPEN ? known : await (socket = open())
  }
  return {
    async send(body) {
      const line = await standing()
      return await new Promise((resolve) => {
        const over = (wrong: string | null): void => {
          line.removeAllListeners('message').removeAllListeners('close')
          resolve(wrong)
        }
        line.on('message', (message) => {
          const text = (message as Buffer).toString()
          if (text.includes(FAULT)) over(text.slice(0, 200))
          else if (/"type":"(complete|error)"/.test(text.slice(0, 100))) over(null)
        })
        line.once('close', (code) => over(BROKEN.includes(code) ? `closed with ${code}` : null))
        line.send(`{"id":"${++id}","type":"subscribe","payload":${body}}`)
      })
    },
    stop: () => void socket?.then((line) => line.terminate()),
  }
}

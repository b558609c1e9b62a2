import WebSocket from 'ws'

/** A bare `graphql-transport-ws` conversation: what the server says, in order, one thing at a time. */
export interface Wire {
  say(message: unknown): void
  /** The next message of the server. */
  hear(): Promise<Record<string, unknown>>
  /** How the server closed the socket. */
  closed(): Promise<{ readonly code: number; readonly reason: string }>
  readonly socket: WebSocket
}

export interface WireOptions {
  readonly headers?: Readonly<Record<string, string>>
  readonly protocol?: string | string[]
}

/** Opens a socket to `/graphql` and waits until it stands; rejects with the status when it is refused. */
export async function openWire(
  url: string,
  { headers = {}, protocol = 'graphql-transport-ws' }: WireOptions = {},
): Promise<Wire> {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/graphql`, protocol, { headers })
  const heard: Record<string, unknown>[] = []
  const waiting: ((message: Record<string, unknown>) => void)[] = []
  const end = new Promise<{ code: number; reason: string }>((resolve) =>
    socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() })),
  )
  socket.on('message', (data) => {
    const message = JSON.parse((data as Buffer).toString()) as Record<string, unknown>
    const next = waiting.shift()
    if (next === undefined) heard.push(message)
    else next(message)
  })
  await new Promise<void>((resolve, reject) => {
    socket.on('open', () => resolve())
    socket.on('unexpected-response', (_request, response) => reject(new Error(`refused: ${response.statusCode ?? 0}`)))
    socket.on('error', reject)
  })
  return {
    socket,
    say: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    hear() {
      const message = heard.shift()
      return message === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(message)
    },
    closed: () => end,
  }
}

/** A conversation that has passed `connection_init`. */
export async function openAcknowledged(url: string, payload: Readonly<Record<string, unknown>> = {}): Promise<Wire> {
  const wire = await openWire(url)
  wire.say({ type: 'connection_init', payload })
  const ack = await wire.hear()
  if (ack['type'] !== 'connection_ack') throw new Error(`expected connection_ack, got ${JSON.stringify(ack)}`)
  return wire
}

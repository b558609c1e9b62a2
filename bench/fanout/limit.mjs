// The limit: what no gateway in Node can be faster than. It hears the room once, writes each event into one frame and gives
// that frame to every socket. It knows no GraphQL, no groups, no client's id, and loses sight of whoever is slow.
import { WebSocket, WebSocketServer } from 'ws'
import { answer, PORTS } from './graph.mjs'

const ID = '00000000-0000-4000-8000-000000000000'
const rooms = new Map()
const upstream = new WebSocket(`ws://127.0.0.1:${PORTS.rooms}/graphql`, 'graphql-transport-ws')
upstream.on('open', () => upstream.send('{"type":"connection_init"}'))
upstream.on('message', (data) => {
  const { id, type, payload } = JSON.parse(data)
  if (type !== 'next') return
  const { seq, at } = payload.data.happened
  const frame = framed(`{"id":"${ID}","type":"next","payload":${JSON.stringify(answer(seq, at))}}`)
  for (const raw of rooms.get(id)) raw.write(frame)
})

const server = new WebSocketServer({
  port: Number(process.argv[2]),
  host: '127.0.0.1',
  backlog: 4096,
  perMessageDeflate: false,
  handleProtocols: () => 'graphql-transport-ws',
})
server.on('connection', (socket) => {
  socket.on('message', (data) => {
    const message = JSON.parse(data)
    if (message.type === 'connection_init') socket.send('{"type":"connection_ack"}')
    if (message.type !== 'subscribe') return
    const { room } = message.payload.variables
    enter(room).add(socket._socket)
    socket.on('close', () => rooms.get(room).delete(socket._socket))
  })
  socket.on('error', () => undefined)
})

function enter(room) {
  if (!rooms.has(room)) {
    rooms.set(room, new Set())
    const query = 'subscription ($room: ID!) { happened(room: $room) { seq at } }'
    upstream.send(JSON.stringify({ id: room, type: 'subscribe', payload: { query, variables: { room } } }))
  }
  return rooms.get(room)
}

function framed(text) {
  const body = Buffer.from(text)
  const head = Buffer.from([0x81, 126, body.length >> 8, body.length & 255])
  return Buffer.concat([head, body])
}

// The three subgraphs in one process. Entities are answered from memory; each distinct upstream question is rendered once
// per event, so that a gateway which opens an upstream for every viewer does not stop at its subgraph.
// GET /asked tells how often entities were asked for and how many upstreams are open; POST /publish tells events.
import { createServer } from 'node:http'
import { buildSubgraphSchema } from '@apollo/subgraph'
import { execute, graphql, parse } from 'graphql'
import { WebSocketServer } from 'ws'
import { happening, PORTS, product, SUBGRAPHS } from './graph.mjs'

let asked = 0
/** Upstreams by their room. */
const rooms = new Map()
const schemas = Object.fromEntries(
  Object.entries(SUBGRAPHS).map(([name, sdl]) => [
    name,
    buildSubgraphSchema({
      typeDefs: parse(sdl),
      resolvers: name === 'rooms' ? {} : { Product: { __resolveReference: ({ id }) => product(id) } },
    }),
  ]),
)
const servers = Object.fromEntries(Object.keys(SUBGRAPHS).map((name) => [name, serve(name)]))
new WebSocketServer({ server: servers.rooms, handleProtocols: () => 'graphql-transport-ws' }).on('connection', converse)
console.log('ready')

function serve(name) {
  const known = new Map()
  return createServer((request, response) => {
    if (request.url === '/asked') return response.end(JSON.stringify({ asked, upstreams: upstreams() }))
    const chunks = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', async () => {
      const body = Buffer.concat(chunks).toString()
      if (request.url === '/publish') {
        response.end('{}')
        return publish(JSON.parse(body))
      }
      asked++
      let text = known.get(body)
      if (text === undefined) {
        const { query, variables, operationName } = JSON.parse(body)
        text = Buffer.from(
          JSON.stringify(
            await graphql({ schema: schemas[name], source: query, variableValues: variables, operationName }),
          ),
        )
        if (known.size < 10_000) known.set(body, text)
      }
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': text.length })
      response.end(text)
    })
  }).listen(PORTS[name], '127.0.0.1', 4096)
}

function upstreams() {
  let open = 0
  for (const room of rooms.values()) open += room.size
  return open
}

function converse(socket) {
  const mine = new Map()
  const leave = (id) => {
    const upstream = mine.get(id)
    mine.delete(id)
    if (upstream) rooms.get(upstream.room)?.delete(upstream)
  }
  socket.on('message', (data) => {
    const message = JSON.parse(data)
    if (message.type === 'connection_init') socket.send('{"type":"connection_ack"}')
    if (message.type === 'ping') socket.send('{"type":"pong"}')
    if (message.type === 'complete') leave(message.id)
    if (message.type !== 'subscribe') return
    const { query, variables } = message.payload
    const room = roomOf(variables, query)
    const head = `{"id":${JSON.stringify(message.id)},"type":"next","payload":`
    const upstream = { socket, room, head, query, variables, question: JSON.stringify([query, variables]) }
    mine.set(message.id, upstream)
    if (!rooms.has(room)) rooms.set(room, new Set())
    rooms.get(room).add(upstream)
  })
  socket.on('error', () => undefined)
  socket.on('close', () => [...mine.keys()].forEach(leave))
}

function roomOf(variables, query) {
  return String(Object.values(variables ?? {}).find((value) => /^r\d+$/.test(value)) ?? /"(r\d+)"/.exec(query)?.[1])
}

/** `events` rounds at a fixed rate; in each, every room tells one event. */
function publish({ rooms: count, from, events, perSecond }) {
  const began = process.hrtime.bigint()
  let told = 0
  const due = () => {
    while (told < events && Number(process.hrtime.bigint() - began) / 1e9 >= told / perSecond) {
      for (let room = 0; room < count; room++) tell(`r${room}`, from + told)
      told++
    }
    if (told < events) setTimeout(due, 1)
  }
  due()
}

const parsed = new Map()
function tell(room, seq) {
  const texts = new Map()
  const event = happening(seq, String(process.hrtime.bigint() / 1000n))
  for (const { socket, head, query, variables, question } of rooms.get(room) ?? []) {
    let text = texts.get(question)
    if (text === undefined) {
      if (!parsed.has(query)) parsed.set(query, parse(query))
      const told = execute({
        schema: schemas.rooms,
        document: parsed.get(query),
        variableValues: variables,
        rootValue: { happened: event },
      })
      texts.set(question, (text = `${JSON.stringify(told)}}`))
    }
    socket.send(head + text)
  }
}

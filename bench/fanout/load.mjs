// Viewers, as cheap as they can be made: raw sockets, one shared read buffer, frames read by hand, no object per message.
// Driven over IPC by run.mjs: { open, … } connects; { count } begins a measurement; { tell } asks how far it is.
import { randomUUID } from 'node:crypto'
import { connect } from 'node:net'
import { performance } from 'node:perf_hooks'
import { isDeepStrictEqual } from 'node:util'
import { answer, QUERY } from './graph.mjs'

const HANDSHAKE = Buffer.from(
  'GET /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n',
)
const INIT = masked(0x81, '{"type":"connection_init"}')
const PONG = masked(0x8a, '')
const SEQ = Buffer.from('"seq":')
/** Tenths of a millisecond, the last bucket is everything above. */
const buckets = new Uint32Array(600_000)
const read = Buffer.allocUnsafe(262_144)
const viewers = []
let next = 0
let checked = false
let state = fresh(1)
let idle = performance.eventLoopUtilization()

function fresh(from) {
  return { from, received: 0, lost: 0, repeated: 0, wrong: 0, closed: 0, refused: 0, seen: 0, cutOff: 0 }
}

class Viewer {
  constructor(at, { port, rooms, groups, hold }) {
    this.stage = 0
    this.rest = null
    this.last = 0
    this.where = 0
    this.hold = hold
    this.gone = false
    this.id = ''
    /** Reads no more: what it misses is its own fault, and is not counted. */
    this.stalled = false
    this.variables = { room: `r${at % rooms}`, as: Math.trunc(at / rooms) % groups }
    // One address has about 28,000 ports; Linux listens on all of 127.0.0.0/8.
    this.socket = connect({
      port,
      host: '127.0.0.1',
      localAddress: `127.0.0.${2 + (at % 50)}`,
      noDelay: true,
      onread: { buffer: read, callback: (length) => this.heard(length) },
    })
    this.socket.on('connect', () => this.socket.write(HANDSHAKE))
    this.socket.on('error', () => undefined)
    this.socket.on('close', () => {
      if (this.stalled) state.cutOff++
      else if (!this.gone) state.closed++
      if (this.stage < 3) progress(this)
      this.gone = true
    })
  }

  subscribe() {
    this.stage = 3
    this.id = randomUUID()
    this.socket.write(this.asking())
    progress(this)
  }

  /** Comes again and then leaves, in one breath: nothing may be missed in between, and what both hear counts as repeated. */
  again() {
    const leaving = masked(0x81, JSON.stringify({ id: this.id, type: 'complete' }))
    this.id = randomUUID()
    this.socket.write(Buffer.concat([this.asking(), leaving]))
  }

  leave() {
    this.gone = true
    this.socket.destroy()
  }

  asking() {
    const { id, variables } = this
    return masked(0x81, JSON.stringify({ id, type: 'subscribe', payload: { query: QUERY, variables } }))
  }

  heard(length) {
    if (this.rest === null) {
      const used = this.take(read, length)
      if (used < length) this.rest = Buffer.from(read.subarray(used, length))
      return true
    }
    const all = Buffer.concat([this.rest, read.subarray(0, length)])
    const used = this.take(all, all.length)
    this.rest = used < all.length ? all.subarray(used) : null
    return true
  }

  take(bytes, end) {
    let at = 0
    if (this.stage === 0) {
      const headers = bytes.subarray(0, end).indexOf('\r\n\r\n')
      if (headers < 0) return 0
      if (!bytes.subarray(0, 12).equals(Buffer.from('HTTP/1.1 101'))) {
        state.refused++
        this.socket.destroy()
        return end
      }
      this.stage = 1
      this.socket.write(INIT)
      at = headers + 4
    }
    for (;;) {
      if (end - at < 2) return at
      const first = bytes[at]
      let size = bytes[at + 1]
      let from = at + 2
      if (size === 126) {
        if (end - at < 4) return at
        size = (bytes[at + 2] << 8) | bytes[at + 3]
        from = at + 4
      } else if (size === 127) {
        if (end - at < 10) return at
        size = Number(bytes.readBigUInt64BE(at + 2))
        from = at + 10
      }
      if (end - from < size) return at
      this.frame(first, bytes, from, from + size)
      at = from + size
    }
  }

  frame(first, bytes, from, to) {
    if ((first & 15) === 9) return void this.socket.write(PONG)
    if ((first & 15) >= 8) return
    const place = this.placeOfSeq(bytes, from, to)
    if (place >= 0) {
      if (!checked) check(bytes.subarray(from, to).toString())
      return this.event(bytes, place)
    }
    if ((first & 128) === 0) return // the head of a message whose rest follows
    if (this.stage === 1) {
      this.stage = 2
      if (this.hold) progress(this)
      else this.subscribe()
      return
    }
    state.wrong++
    if (state.wrong <= 3) console.error(`unexpected: ${bytes.subarray(from, to).toString().slice(0, 300)}`)
  }

  /** It stands at the same place in every event of one gateway. */
  placeOfSeq(bytes, from, to) {
    const guess = from + this.where
    if (bytes[guess] === 0x22 && bytes[guess + 1] === 0x73 && bytes[guess + 4] === 0x22 && bytes[guess + 5] === 0x3a)
      return guess + 6
    const found = bytes.subarray(from, to).indexOf(SEQ)
    if (found < 0) return -1
    this.where = found
    return from + found + 6
  }

  event(bytes, place) {
    let seq = 0
    let at = place
    for (; bytes[at] >= 0x30 && bytes[at] <= 0x39; at++) seq = seq * 10 + bytes[at] - 0x30
    at += 7 // ,"at":"
    let told = 0
    for (; bytes[at] >= 0x30 && bytes[at] <= 0x39; at++) told = told * 10 + bytes[at] - 0x30
    if (this.last === 0) state.seen++
    if (seq < state.from) {
      this.last = seq
      return
    }
    if (seq <= this.last) {
      state.repeated++
      return
    }
    // Whoever has just come has missed nothing.
    if (this.last > 0) state.lost += seq - 1 - Math.max(this.last, state.from - 1)
    this.last = seq
    state.received++
    buckets[Math.min(buckets.length - 1, Math.trunc((micros() - told) / 100))]++
  }
}

/** The machine's monotonic clock, which the publisher reads too. */
const clockOffset = Number(process.hrtime.bigint()) / 1000 - performance.now() * 1000
function micros() {
  return performance.now() * 1000 + clockOffset
}

/** A server's mask is none and a client's may be zero: the text stands as it is. */
function masked(first, text) {
  const body = Buffer.from(text)
  const head =
    body.length < 126
      ? Buffer.from([first, 128 | body.length])
      : Buffer.from([first, 254, body.length >> 8, body.length & 255])
  return Buffer.concat([head, Buffer.alloc(4), body])
}

/** The first answer of all is read whole: a gateway that answers something else would be measured for nothing. */
function check(text) {
  checked = true
  const payload =
    text.startsWith('{"id"') || text.startsWith('{"type"') ? JSON.parse(text).payload : JSON.parse(text.slice(0, -1))
  const { seq, at } = payload.data?.happened ?? {}
  if (isDeepStrictEqual(payload, answer(seq, at))) return
  state.wrong++
  console.error(`wrong answer: ${text}`)
}

let opening = null
function open(order) {
  opening = { ...order, left: order.viewers, done: 0 }
  for (let at = 0; at < order.atOnce && opening.left > 0; at++) another()
}
function another() {
  opening.left--
  const at = next
  next += opening.step
  viewers.push(new Viewer(at, opening))
}
function progress(viewer) {
  if (opening === null || viewer.counted) return
  viewer.counted = true
  if (++opening.done === opening.viewers) process.send({ opened: opening.done })
  else if (opening.left > 0) another()
}

/** So many joins and as many leaves a second: of subscriptions on open sockets, or of whole sockets. */
function churn({ perSecond, seconds, whole, ...where }) {
  const began = performance.now()
  let done = 0
  const due = () => {
    const wanted = Math.min(seconds * perSecond, Math.trunc(((performance.now() - began) / 1_000) * perSecond))
    for (; done < wanted; done++) {
      const at = done % viewers.length
      if (!whole) viewers[at].again()
      else {
        viewers[at].leave()
        viewers[at] = new Viewer(at, where)
      }
    }
    if (done < seconds * perSecond) setTimeout(due, 5)
    else process.send({ churned: done, tookMs: performance.now() - began })
  }
  due()
}

process.on('message', (order) => {
  if (order.open) {
    if (viewers.length === 0) next = order.open.first
    open(order.open)
  }
  if (order.subscribe) {
    const waiting = viewers.filter((viewer) => viewer.stage === 2 && !viewer.gone)
    for (const viewer of waiting) viewer.subscribe()
    process.send({ subscribed: waiting.length })
  }
  if (order.churn) churn(order.churn)
  if (order.stall) {
    const stalled = viewers.filter((_, at) => at % order.stall.every === 0)
    for (const viewer of stalled) {
      viewer.stalled = true
      viewer.socket.pause()
    }
    process.send({ stalled: stalled.length })
  }
  if (order.cut) {
    const count = viewers.length
    for (const viewer of viewers.splice(0)) viewer.leave()
    state.seen = 0
    process.send({ cut: count })
  }
  if (order.count) {
    state = { ...fresh(order.count.from), seen: state.seen }
    buckets.fill(0)
    idle = performance.eventLoopUtilization()
    process.send({ counting: true })
  }
  if (order.tell) process.send({ ...state, viewers: viewers.filter((viewer) => !viewer.gone).length })
  if (order.finish) {
    const filled = []
    buckets.forEach((count, bucket) => count > 0 && filled.push([bucket, count]))
    process.send({ ...state, filled, busy: performance.eventLoopUtilization(idle).utilization })
  }
})
process.on('disconnect', () => process.exit(0))
process.send({ ready: true })

import { createServer, Socket } from 'node:net'
import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { silent } from '../../../platform/observe/observer.js'
import { fakeClock } from '../../../test/support/fake-clock.js'
import { byTurns, connectByTurns } from './by-turns.js'
import { Turns } from './turns.js'

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** A socket whose turn of the event loop is used up by somebody else; what its listener hears is noted. */
function crowded(most: number) {
  let now = 0
  const turns = new Turns({ most, clock: { ...fakeClock(), monotonicMs: () => now }, observer: silent })
  const raw = new PassThrough()
  const heard: string[] = []
  raw.on('data', (bytes: Buffer) => heard.push(bytes.toString()))
  raw.on('end', () => heard.push('end'))
  raw.on('close', () => heard.push('close'))
  const deafen = byTurns(raw, turns, () => heard.push('full'))
  turns.run(() => (now += 9))
  return { raw, heard, deafen }
}

const until = async (isTrue: () => boolean): Promise<void> => {
  for (let turn = 0; turn < 100 && !isTrue(); turn++) await nextTurn()
}

describe('R27 what a socket says while a crowd is heard', () => {
  it('is heard in its order, its end and its close too, and while two pieces wait no more is read', async () => {
    const { raw, heard } = crowded(100)
    raw.write('a')
    raw.write('b')
    expect([heard, raw.isPaused()]).toEqual([[], true])
    await until(() => heard.length === 2)
    expect([heard, raw.isPaused()]).toEqual([['a', 'b'], false])
    raw.end('c')
    await until(() => heard.includes('close'))
    expect(heard).toEqual(['a', 'b', 'c', 'end', 'close'])
  })

  it('is not heard any more when too many wait, but its end is at once', async () => {
    const { raw, heard } = crowded(1)
    raw.write('a')
    raw.write('b')
    raw.end('c')
    await until(() => heard.includes('close'))
    expect(heard).toEqual(['full', 'end', 'close'])
  })
})

describe('a socket that is not heard any more', () => {
  it('is read to its end', async () => {
    const { raw, heard, deafen } = crowded(100)
    raw.write('a')
    raw.write('b')
    deafen()
    raw.end('c')
    await until(() => heard.includes('close'))
    expect(heard).toEqual(['end', 'close'])
  })
})

describe('R27 connections of a crowd', () => {
  it('are taken by turns: one that has failed meanwhile is let be, one too many is cut', async () => {
    let now = 0
    const turns = new Turns({ most: 2, clock: { ...fakeClock(), monotonicMs: () => now }, observer: silent })
    const taken: Socket[] = []
    const server = createServer((socket) => taken.push(socket))
    connectByTurns(server, turns)
    turns.run(() => (now += 9))
    const [failing, waiting, tooMany] = [new Socket(), new Socket(), new Socket()]
    for (const socket of [failing, waiting, tooMany]) server.emit('connection', socket)
    failing.destroy(new Error('reset'))
    await until(() => taken.length > 0)
    expect([taken, tooMany.destroyed]).toEqual([[waiting], true])
  })
})

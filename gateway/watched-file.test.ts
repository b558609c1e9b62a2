import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { fakeClock, type FakeClock } from '../test/support/fake-clock.js'
import { until } from '../test/support/until.js'
import { watchedFile } from './watched-file.js'

let path: string
let clock: FakeClock
let told: string[]
let looks: number

beforeEach(async () => {
  path = join(await mkdtemp(join(tmpdir(), 'watched-')), 'supergraph.graphql')
  clock = fakeClock()
  told = []
  looks = 0
})

/** What a file has no use for. */
const UNUSED = {
  healthCheck: () => Promise.resolve(),
  getDataSource: (): never => {
    throw new Error('nobody asks a file')
  },
}

/** What the file says at first, and the way to stop looking. */
async function watched(text: string): Promise<{ readonly supergraphSdl: string; readonly stop: () => Promise<void> }> {
  await writeFile(path, text)
  const counted: FakeClock = { ...clock, after: (ms, run) => (looks++, clock.after(ms, run)) }
  const manager = watchedFile(path, counted)
  const opened = await manager.initialize({ ...UNUSED, update: (newer) => void told.push(newer) })
  return { supergraphSdl: opened.supergraphSdl, stop: () => opened.cleanup?.() ?? Promise.resolve() }
}

/** Time goes on until the file was looked at as it is now. */
async function lookedAt(): Promise<void> {
  const enough = looks + 2 // a look may be under way
  await until(async () => {
    await clock.advance(500)
    return looks >= enough
  })
}

describe('a watched file', () => {
  it('is read at first, and told whenever it says something else', async () => {
    const { supergraphSdl, stop } = await watched('one')
    await writeFile(path, 'two')
    await lookedAt()
    await writeFile(path, 'one')
    await lookedAt()
    expect([supergraphSdl, ...told]).toEqual(['one', 'two', 'one'])
    await stop()
  })

  it('may be replaced by another', async () => {
    const { stop } = await watched('one')
    await writeFile(`${path}.new`, 'two')
    await rename(`${path}.new`, path)
    await lookedAt()
    expect(told).toEqual(['two'])
    await stop()
  })

  it('may be empty or missing between two versions', async () => {
    const { stop } = await watched('one')
    for (const between of [() => writeFile(path, ''), () => rm(path)]) {
      await between()
      await lookedAt()
    }
    await writeFile(path, 'two')
    await lookedAt()
    expect(told).toEqual(['two'])
    await stop()
  })

  it('is not looked at any more once that is stopped', async () => {
    const { stop } = await watched('one')
    await stop()
    await writeFile(path, 'two')
    const before = looks
    await clock.advance(5_000)
    expect([told, looks]).toEqual([[], before])
  })

  it('has to be there at first', async () => {
    const manager = watchedFile('/nowhere.graphql', clock)
    await expect(manager.initialize({ ...UNUSED, update: () => undefined })).rejects.toMatchObject({
      code: 'SETTINGS_WRONG',
      message: expect.stringContaining('/nowhere.graphql') as string,
    })
  })
})

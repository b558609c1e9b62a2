import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lockDirectory } from './lock-directory.js'

describe('a locked directory', () => {
  let dir = ''
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'daihuo-lock-'))
  })
  afterEach(() => rm(dir, { recursive: true, force: true }))

  const writeLock = (pid: number | undefined, started: string | null = null): Promise<void> =>
    writeFile(join(dir, 'lock'), JSON.stringify({ pid, started }))
  const idle = (): ChildProcess => spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  const ended = (child: ChildProcess): Promise<void> =>
    new Promise((resolve) => {
      child.once('exit', () => resolve())
      child.kill('SIGKILL')
    })

  it('names the process that holds it', async () => {
    await lockDirectory(dir)
    expect(JSON.parse(await readFile(join(dir, 'lock'), 'utf8'))).toMatchObject({ pid: process.pid })
  })

  it('is refused to a second one, in this process too, with words that say who holds it', async () => {
    const unlock = await lockDirectory(dir)
    await expect(lockDirectory(dir)).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(lockDirectory(dir)).rejects.toThrow(`process ${process.pid} is using`)
    await unlock()
  })

  it('is free again when it was unlocked, and unlocking twice does no harm', async () => {
    const unlock = await lockDirectory(dir)
    await unlock()
    const again = await lockDirectory(dir)
    await unlock()
    await expect(lockDirectory(dir)).rejects.toThrow('is using')
    await again()
  })

  it('is refused while another living process holds it, and taken over when that has died', async () => {
    const child = idle()
    await writeLock(child.pid)
    await expect(lockDirectory(dir)).rejects.toThrow(`process ${child.pid ?? ''} is using`)
    await ended(child)
    await (
      await lockDirectory(dir)
    )()
  })

  it('is taken over when its number belongs to a later process', async () => {
    const child = idle()
    await writeLock(child.pid, '1')
    await (
      await lockDirectory(dir)
    )()
    await ended(child)
  })

  it('is taken over when what was left cannot be read', async () => {
    await writeFile(join(dir, 'lock'), '{"pid":')
    await (
      await lockDirectory(dir)
    )()
  })

  it('is taken by one of many who come at once', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => lockDirectory(dir)))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })
})

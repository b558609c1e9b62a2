import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fields, json, maybe, text, whole } from '../decode.js'
import { Failure } from '../failure.js'

/** Gives the directory free again; calling it twice does no harm. */
export type Unlock = () => Promise<void>

/** Who holds a directory. A process number is used again in time, so its start is written beside it where the system tells it. */
interface Holder {
  readonly pid: number
  readonly started: string | null
}

/** What this process holds; its own number in a file proves nothing, for in a container it is often the same. */
const held = new Set<string>()

/**
 * Makes the directory if it is missing and takes it for this process, by a file `lock` in it. The lock of a process that has died
 * is taken over; that of a living one is a `CONFLICT`.
 */
export async function lockDirectory(dir: string): Promise<Unlock> {
  const file = join(dir, 'lock')
  if (held.has(file)) throw inUse(file, process.pid)
  held.add(file)
  try {
    await mkdir(dir, { recursive: true })
    await take(file)
  } catch (cause) {
    held.delete(file)
    throw cause
  }
  let isMine = true
  return async () => {
    if (!isMine) return
    isMine = false
    await rm(file, { force: true })
    held.delete(file)
  }
}

/** `link` fails when the name is taken, and shows the file only with its content: nobody ever reads half a lock. */
async function take(file: string): Promise<void> {
  const mine = `${file}.${process.pid}`
  await writeFile(mine, JSON.stringify(await holder(process.pid)))
  try {
    for (let attempt = 0; attempt < 5; attempt++) {
      if (await linked(mine, file)) return
      const other = await read(file)
      if (other !== null && (await lives(other))) throw inUse(file, other.pid)
      await rename(file, `${mine}.stale`).catch(() => null) // another may have cleared it meanwhile
      await rm(`${mine}.stale`, { force: true })
    }
  } finally {
    await rm(mine, { force: true })
  }
  throw new Failure('CONFLICT', `${file} could not be taken; another process is starting there`)
}

function linked(mine: string, file: string): Promise<boolean> {
  return link(mine, file).then(
    () => true,
    () => false,
  )
}

function inUse(file: string, pid: number): Failure {
  return new Failure('CONFLICT', `${file} says that process ${pid} is using this directory; stop it first`)
}

async function lives(other: Holder): Promise<boolean> {
  if (other.pid === process.pid) return false // an earlier life of this number: what this process holds is in `held`
  const now = await holder(other.pid)
  return now !== null && (other.started === null || other.started === now.started)
}

/** A living process as it would be written down; null when there is none. */
async function holder(pid: number): Promise<Holder | null> {
  if (!isRunning(pid)) return null
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  // The name in brackets may hold blanks; the start is the twentieth field after it.
  return { pid, started: stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** What does not read as a lock was left by something that died. */
async function read(file: string): Promise<Holder | null> {
  const content = await readFile(file, 'utf8').catch(() => null)
  if (content === null) return null
  try {
    const it = fields(json(content, 'lock'), 'lock')
    return { pid: whole(it['pid'], 'lock.pid', { least: 1 }), started: maybe(it['started'], 'lock.started', text) }
  } catch {
    return null
  }
}

import { anyText, helpFor, readSettings } from '../platform/config/read-settings.js'
import { Failure } from '../platform/failure.js'
import { closeCalls } from '../platform/http/call.js'
import { systemClock } from '../platform/time/clock.js'
import type { Ask } from '../schema/ask.js'
import { readComments, type RecordedComment } from './bilibili/read-comments.js'
import { askShop } from './client/ask-shop.js'
import { progress } from './client/progress.js'
import { endpointOf, farewell, SHOP_SETTINGS, signerOf, type Signer } from './client/shop-settings.js'
import { play, type PlayReport } from './replay/play.js'
import { ensureMembers, memberOfUser, needLiveRoom, postComment } from './replay/recorded-shop.js'

/** `npm run replay -- --room ID FILE.xml`: plays the comments of a recorded evening into a running room. */
const SETTINGS = {
  room: { flag: 'room', read: anyText, default: '', about: 'the room that hears them (Room:…)' },
  speed: {
    flag: 'speed',
    read: speedOf,
    default: 1,
    about: 'how many times as fast as it was; 0 is as fast as the room takes them',
  },
  ...SHOP_SETTINGS,
}
const USAGE = `npm run replay -- --room ID FILE.xml [--speed N]\n\n${helpFor(SETTINGS)}`

let url = ''
let keepAlive: NodeJS.Timeout | undefined
try {
  if (process.argv.includes('--help')) console.log(USAGE)
  else process.exitCode = await run()
} catch (error) {
  console.error(farewell(error, url))
  process.exitCode = 1
}
clearInterval(keepAlive)
await closeCalls()

async function run(): Promise<number> {
  const { words, ...wanted } = readSettings(SETTINGS, { args: process.argv.slice(2), env: process.env, words: 1 })
  const [file] = words
  if (file === undefined || wanted.room === '') {
    console.error(USAGE)
    return 1
  }
  url = endpointOf(wanted)
  const { comments, unreadable } = await readComments(file)
  const sign = await signerOf(wanted)
  await needLiveRoom(askShop({ url, token: null }), wanted.room)
  if (wanted.token === null) await ensureMembers(await asOperator(sign), usersOf(comments))
  keepAlive = setInterval(() => undefined, 60_000) // the clock's pauses alone do not keep a process
  tell(await playInto(wanted, comments, sign), unreadable.length)
  return 0
}

async function asOperator(sign: Signer): Promise<Ask> {
  return askShop({ url, token: await sign({ sub: 'Member:replay', roles: ['operator'] }) })
}

/** Each member asks with a token of his own, made when he first speaks. */
async function playInto(
  { room, speed }: { readonly room: string; readonly speed: number },
  comments: readonly RecordedComment[],
  sign: Signer,
): Promise<PlayReport> {
  const asks = new Map<string, Ask>()
  const bar = progress('comments')
  bar.begin(comments.length)
  async function askOf(user: string): Promise<Ask> {
    const known = asks.get(user) ?? askShop({ url, token: await sign({ sub: memberOfUser(user), roles: ['member'] }) })
    asks.set(user, known)
    return known
  }
  const post = async (comment: RecordedComment): Promise<string | null> =>
    postComment(await askOf(comment.user), room, comment)
  return await play(comments, { clock: systemClock, speed, post, heard: () => bar.add(1) }).finally(() => bar.stop())
}

function usersOf(comments: readonly RecordedComment[]): readonly string[] {
  return [...new Set(comments.map(({ user }) => user))]
}

function tell({ taken, refused }: PlayReport, unreadable: number): void {
  console.log(`${taken} comments taken`)
  for (const [code, count] of refused) console.log(`${count} refused: ${code}`)
  if (unreadable > 0) console.log(`${unreadable} entries of the file could not be read`)
  if (refused.has('ROOM_NOT_LIVE'))
    throw new Failure('ROOM_NOT_LIVE', 'the room is no longer live; the rest was not sent')
}

function speedOf(text: string): number {
  const speed = Number(text)
  if (!/^\d+(\.\d+)?$/.test(text) || speed > 10_000) throw new Error('a number from 0 to 10000')
  return speed
}

import { refuse } from '../../../../schema/refuse.js'
import type { Outcome } from '../../connector.js'
import { WeiboSaysNo } from '../client.js'
import { wordsOf } from '../status-text.js'
import { findAccounts, loseToken } from '../store/accounts.js'
import { findPosts, markDelayed, markPosted, markRefused, markSent, unmarkSent, type PostRow } from '../store/posts.js'
import type { Meaning } from '../translate.js'
import { tokenOf, type Parts } from './parts.js'

/** A late post is seen after one or two minutes. */
const LOOK_AGAIN_MS = 130_000
const MOST_LOOKS = 6

/** How long the network's own refusals are believed, whatever it says is left. */
const REST_MS: Readonly<Partial<Record<Meaning, number>>> = {
  'resting-account': 1_800_000,
  'resting-address': 600_000,
  'writing-too-fast': 600_000,
}

/** A post on its way: whose it is and by which token. */
interface Sending {
  readonly post: PostRow
  readonly uid: string
  readonly token: string
}

/**
 * Sends a post that waits. The network knows no idempotency key, so from the second time on it is first looked for there:
 * an answer that was lost is no reason to post twice.
 */
export async function sendPost(parts: Parts, id: string): Promise<Outcome> {
  const [post] = await findPosts(parts.db, [id])
  if (post === undefined || post === null || !['WAITING', 'DELAYED'].includes(post.status)) return null
  const [account] = await findAccounts(parts.db, [post.member])
  const token = tokenOf(parts, account ?? null)
  if (account === undefined || account === null || token === null) return await unbound(parts, post)
  const sending: Sending = { post, uid: account.uid, token }
  try {
    if (post.tries > 0 && (await isThere(parts, sending))) return null
    if (post.status === 'DELAYED') return await lookAgain(parts, post)
    return await send(parts, sending)
  } catch (error) {
    if (!(error instanceof WeiboSaysNo)) throw error
    return await refused(parts, sending, error)
  }
}

async function send({ client, db }: Parts, { post, token }: Sending): Promise<Outcome> {
  await markSent(db, post.id)
  const { mid } = await client.share(token, post.text)
  await markPosted(db, post.id, mid)
  return null
}

/** Reads back: the account's newest post is all that the network shows us of it. */
async function isThere({ client, db }: Parts, { post, uid, token }: Sending): Promise<boolean> {
  const newest = await client.newest(token, uid)
  if (newest === null || !isSame(newest.text, post.text)) return false
  return await markPosted(db, post.id, newest.mid)
}

/** Word for word, or with its links shortened. */
function isSame(seen: string, sent: string): boolean {
  return seen === sent || (seen.includes('//t.cn/') && wordsOf(seen) === wordsOf(sent))
}

async function refused({ db }: Parts, { post, uid }: Sending, no: WeiboSaysNo): Promise<Outcome> {
  switch (no.meaning) {
    case 'late':
    case 'repeated':
      await markDelayed(db, post.id)
      return { againInMs: LOOK_AGAIN_MS }
    case 'again':
      throw refuse('PARTNER_UNAVAILABLE', no.message, { cause: no })
    case 'resting-account':
    case 'resting-address':
    case 'writing-too-fast':
      await unmarkSent(db, post.id)
      throw refuse('PARTNER_UNAVAILABLE', no.message, {
        cause: no,
        details: { retryAfterMs: REST_MS[no.meaning] ?? null },
      })
    case 'unbound':
      await loseToken(db, uid)
      await markRefused(db, post.id, 'NOT_BOUND')
      return null
    case 'refused':
      await markRefused(db, post.id, no.message)
      return null
  }
}

async function lookAgain({ db }: Parts, post: PostRow): Promise<Outcome> {
  if (post.looks >= MOST_LOOKS) {
    await markRefused(db, post.id, 'the network took it, but it was never seen')
    return null
  }
  await markDelayed(db, post.id)
  return { againInMs: LOOK_AGAIN_MS }
}

async function unbound({ db }: Parts, post: PostRow): Promise<Outcome> {
  await markRefused(db, post.id, 'NOT_BOUND')
  return null
}

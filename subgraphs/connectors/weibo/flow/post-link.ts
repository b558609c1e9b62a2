import { fields, maybe, text } from '../../../../platform/decode.js'
import { globalId, idOf, keyFrom } from '../../../../schema/ids.js'
import { refuse } from '../../../../schema/refuse.js'
import { putErrands } from '../../errands.js'
import { statusText } from '../status-text.js'
import { findAccounts } from '../store/accounts.js'
import { findLinkCopies, keepLinks, type LinkCopy } from '../store/links.js'
import { SCHEMA } from '../store/migrations.js'
import { putPost, type PostRow } from '../store/posts.js'
import { tokenOf, type Parts } from './parts.js'

/** What is to be posted, and by whom. */
export interface PostWanted {
  readonly member: string
  readonly link: string
  readonly words: string
}

/** Checks by the network's rules, writes the post down and leaves the sending to an errand. The same words again are the same post. */
export async function postLink(parts: Parts, { member, link, words }: PostWanted): Promise<PostRow> {
  const { db, clock, config } = parts
  const known = await linkOf(parts, link)
  if (known?.influencer !== member) throw refuse('NOT_FOUND', 'you have no such link', { details: { place: 'linkId' } })
  const status = statusText(words, known.url, config.safeDomains)
  const [account] = await findAccounts(db, [member])
  if (tokenOf(parts, account ?? null) === null) throw refuse('NOT_BOUND', 'bind your account at the network first')
  const id = globalId('CampaignPost', keyFrom(link, status))
  return await db.transaction(async (tx) => {
    const post = await putPost(tx, { id, link, member, text: status, createdAt: clock.now() })
    const errands = post.status === 'WAITING' ? [{ kind: 'post', key: id, body: {} }] : []
    await putErrands(tx, SCHEMA, { errands, ground: parts })
    return post
  })
}

/** Our copy; or, when the event that tells of the link is still on its way, what the graph says. */
async function linkOf(parts: Parts, link: string): Promise<LinkCopy | null> {
  const [copy] = await findLinkCopies(parts.db, [link])
  if (copy !== undefined && copy !== null) return copy
  const asked = await askedLink(parts, link)
  if (asked !== null) await keepLinks(parts.db, [asked])
  return asked
}

const LINK = `query Link($id: ID!) { node(id: $id) { ... on TrackedLink { url influencer { id } campaign { id } } } }`

async function askedLink({ ask }: Parts, link: string): Promise<LinkCopy | null> {
  const { data } = await ask({ query: LINK, variables: { id: link } })
  const node = maybe(data, 'data', (value, place) => maybe(fields(value, place)['node'], 'node', fields)) ?? null
  if (node?.['url'] === undefined) return null
  return {
    link,
    url: text(node['url'], 'link.url', { most: 2000 }),
    influencer: idOf('Member')(fields(node['influencer'], 'link.influencer')['id'], 'link.influencer.id'),
    campaign: idOf('Campaign')(fields(node['campaign'], 'link.campaign')['id'], 'link.campaign.id'),
  }
}

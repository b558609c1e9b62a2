import { linkTag, sameText } from '../../../schema/click.js'
import { globalId, typeOfId } from '../../../schema/ids.js'
import { refuse } from '../../../schema/refuse.js'
import { findEntries } from '../store/entries.js'
import { takeLinkRow, type LinkRow } from '../store/links.js'
import { needOpen } from './enrol.js'
import { together, told, type Parts } from './parts.js'

/** What an exclusive link is asked for. */
export interface LinkWanted {
  readonly campaign: string
  readonly influencer: string
  readonly product: string
}

/** The influencer's one link for a product: the same however often it is asked for. */
export async function takeLink(parts: Parts, wanted: LinkWanted): Promise<LinkRow> {
  await needOpen(parts, wanted.campaign)
  const [entry] = await findEntries(parts.db, [wanted])
  if (entry === undefined || entry === null)
    throw refuse('NOT_ENROLLED', 'enrol in this campaign first', { details: { place: 'campaignId' } })
  const id = globalId('TrackedLink', parts.chance.uuid().replaceAll('-', '').slice(0, 20))
  return await together(parts, async (tx) => {
    const { link, isNew } = await takeLinkRow(tx, { id, ...wanted })
    if (isNew)
      await told(tx, {
        kind: 'campaigns.linkTaken',
        id: `${link.id}:taken`,
        at: link.takenAt.toISOString(),
        link: link.id,
        ...wanted,
        url: linkUrl(parts, link),
      })
    return link
  })
}

/** The address that an influencer posts. */
export function linkUrl({ config, secrets }: Pick<Parts, 'config' | 'secrets'>, link: LinkRow): string {
  return `${config.publicUrl}/l/${link.id.slice('TrackedLink:'.length)}-${linkTag(secrets.key('link'), link)}`
}

/** The id in a link's code and the tag that should prove it; null for what is no code of ours at all. */
export function readCode(code: string): { readonly id: string; readonly tag: string } | null {
  const [key = '', tag = '', ...rest] = code.split('-')
  const id = `TrackedLink:${key}`
  return rest.length === 0 && tag !== '' && typeOfId(id) === 'TrackedLink' ? { id, tag } : null
}

/** Whether the tag was made by us for this link. */
export function proves(secrets: Parts['secrets'], link: LinkRow, tag: string): boolean {
  return sameText(tag, linkTag(secrets.key('link'), link))
}

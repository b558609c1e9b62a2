import { onceIfKeyed } from '../../../platform/db/once.js'
import { globalId } from '../../../schema/ids.js'
import { refuse } from '../../../schema/refuse.js'
import { draft } from '../domain/campaign.js'
import { findCampaigns, insertCampaign, insertPrizes, openDraft, type CampaignRow } from '../store/campaign-rows.js'
import { SCHEMA } from '../store/migrations.js'
import { tellCampaign, together, unknownCampaign, type Parts } from './parts.js'

/** A draft as it is handed in. */
export interface DraftWanted {
  readonly draftedBy: string
  readonly idempotencyKey: string | null
  readonly input: unknown
}

/** Writes down a campaign that nobody else sees yet, under the same key once. */
export async function draftCampaign(
  parts: Parts,
  { draftedBy, idempotencyKey, input }: DraftWanted,
): Promise<CampaignRow> {
  const read = draft(input)
  const deed = { owner: draftedBy, kind: 'draft', asked: { idempotencyKey, ...read } }
  return await together(parts, async (tx) => {
    const drafted = await onceIfKeyed(tx, SCHEMA, deed, async () => {
      const id = globalId('Campaign', parts.chance.uuid().replaceAll('-', ''))
      const campaign = await insertCampaign(tx, { id, draftedBy, draft: read })
      await insertPrizes(tx, id, read.prizes)
      await tellCampaign(tx, campaign, campaign.createdAt)
      return id
    })
    const [campaign] = await findCampaigns(tx, [drafted])
    if (campaign === undefined || campaign === null) throw unknownCampaign()
    return campaign
  })
}

/** Opens a draft to influencers; opening what is open changes nothing. */
export async function openCampaign(parts: Parts, id: string): Promise<CampaignRow> {
  return await together(parts, async (tx) => {
    const opened = await openDraft(tx, id)
    if (opened === null) return notADraft(await findCampaigns(tx, [id]))
    await tellCampaign(tx, opened, parts.clock.now())
    return opened
  })
}

function notADraft([campaign]: readonly (CampaignRow | null)[]): CampaignRow {
  if (campaign === undefined || campaign === null) throw unknownCampaign()
  if (campaign.state === 'OPEN') return campaign
  if (campaign.state === 'DRAFT') throw refuse('STATE_FORBIDS', 'the time for this campaign to close is past already')
  throw refuse('STATE_FORBIDS', `a campaign that is ${campaign.state} cannot be opened`)
}

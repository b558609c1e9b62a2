import { globalId } from '../../../schema/ids.js'
import { refuse } from '../../../schema/refuse.js'
import { draft } from '../domain/campaign.js'
import { findCampaigns, insertCampaign, insertPrizes, openDraft, type CampaignRow } from '../store/campaign-rows.js'
import { tellCampaign, together, unknownCampaign, type Parts } from './parts.js'

/** Writes down a campaign that nobody else sees yet. */
export async function draftCampaign(parts: Parts, draftedBy: string, input: unknown): Promise<CampaignRow> {
  const read = draft(input)
  const id = globalId('Campaign', parts.chance.uuid().replaceAll('-', ''))
  return await together(parts, async (tx) => {
    const campaign = await insertCampaign(tx, { id, draftedBy, draft: read })
    await insertPrizes(tx, id, read.prizes)
    await tellCampaign(tx, campaign, campaign.createdAt)
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

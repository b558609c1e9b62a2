import type { Database } from '../../../platform/db/database.js'
import { refuse } from '../../../schema/refuse.js'
import { holdCampaign, type CampaignRow } from '../store/campaign-rows.js'
import { freezeStandings, grantPrizes, markClosed, markFrozen, sealStandings, type GrantRow } from '../store/closing.js'
import { tellCampaign, together, told, unknownCampaign, type Parts } from './parts.js'

/**
 * OPEN -> ranks frozen with their proof -> prizes granted -> CLOSED, each step one transaction on the held campaign. Twice,
 * at once or after a kill between the steps it goes on from the row: what is done is not done again.
 */
export async function closeCampaign(parts: Parts, id: string): Promise<CampaignRow> {
  await together(parts, (tx) => freeze(parts, tx, id))
  return await together(parts, (tx) => award(parts, tx, id))
}

async function freeze({ clock }: Parts, tx: Database, id: string): Promise<void> {
  const { state } = await held(tx, id)
  if (state === 'DRAFT') throw refuse('STATE_FORBIDS', 'a draft has nothing to close')
  if (state !== 'OPEN') return
  await freezeStandings(tx, id)
  await markFrozen(tx, id, await sealStandings(tx, id))
  await tellCampaign(tx, await held(tx, id), clock.now())
}

async function award({ clock }: Parts, tx: Database, id: string): Promise<CampaignRow> {
  const campaign = await held(tx, id)
  if (campaign.state !== 'FROZEN') return campaign
  const grants = await grantPrizes(tx, id)
  await told(tx, ...grants.map((grant) => prizeGranted(id, grant)))
  await markClosed(tx, id)
  const closed = await held(tx, id)
  await tellCampaign(tx, closed, clock.now())
  return closed
}

function prizeGranted(campaign: string, { id, influencer, grantedAt, ...prize }: GrantRow) {
  const told = { id, grant: id, at: grantedAt.toISOString() }
  return { kind: 'campaigns.prizeGranted' as const, ...told, campaign, member: influencer, ...prize }
}

async function held(tx: Database, id: string): Promise<CampaignRow> {
  const campaign = await holdCampaign(tx, id)
  if (campaign === null) throw unknownCampaign()
  return campaign
}

import { refuse } from '../../../schema/refuse.js'
import { insertEntries } from '../store/entries.js'
import { takesPart } from '../store/campaign-rows.js'
import { unknownCampaign, type Parts } from './parts.js'

/** Takes influencers into an open campaign, any number in one statement; gives how many are new. */
export async function enrol({ db }: Parts, campaign: string, influencers: readonly string[]): Promise<number> {
  await needOpen({ db }, campaign)
  return await insertEntries(db, campaign, influencers)
}

/** Passes while people may take part. */
export async function needOpen({ db }: Pick<Parts, 'db'>, campaign: string): Promise<void> {
  const open = await takesPart(db, campaign)
  if (open === null) throw unknownCampaign()
  if (!open) throw refuse('CAMPAIGN_CLOSED', 'this campaign is not open', { details: { place: 'campaignId' } })
}

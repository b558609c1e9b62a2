import { tell } from '../../../platform/bus/outbox.js'
import type { Database } from '../../../platform/db/database.js'
import type { Secrets } from '../../../platform/secret.js'
import type { CampaignsEvent } from '../../../schema/events/campaigns.js'
import { refuse } from '../../../schema/refuse.js'
import type { Ground } from '../../host/subgraph.js'
import type { CampaignsConfig } from '../config.js'
import type { CampaignRow } from '../store/campaign-rows.js'
import { SCHEMA } from '../store/migrations.js'

/** What every deed of campaigns works with. */
export interface Parts extends Pick<Ground, 'db' | 'clock' | 'chance' | 'observer'> {
  readonly config: CampaignsConfig
  readonly secrets: Secrets
  /** Events wait in the outbox: carry them now. */
  readonly wake: () => void
}

/** One transaction, and at its end its events on their way. */
export async function together<T>(parts: Parts, work: (tx: Database) => Promise<T>): Promise<T> {
  const done = await parts.db.transaction(work)
  parts.wake()
  return done
}

/** Writes events in the transaction of the facts that they tell. */
export async function told(tx: Database, ...events: readonly CampaignsEvent[]): Promise<void> {
  await tell(tx, SCHEMA, events)
}

/** A campaign as it is now, told to the others. */
export async function tellCampaign(tx: Database, campaign: CampaignRow, at: Date): Promise<void> {
  const { id, version, state, title } = campaign
  await told(tx, {
    kind: 'campaigns.campaignChanged',
    id: `${id}:v${version}`,
    at: at.toISOString(),
    campaign: id,
    version,
    state,
    title,
  })
}

export function unknownCampaign(): Error {
  return refuse('NOT_FOUND', 'no campaign is known under this id', { details: { place: 'campaignId' } })
}

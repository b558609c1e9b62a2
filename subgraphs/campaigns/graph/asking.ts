import type { Identity } from '../../../schema/identity.js'
import type { RequestContext } from '../../host/subgraph.js'
import type { CampaignsFlow } from '../flow/campaigns-flow.js'
import type { CampaignRow } from '../store/campaign-rows.js'
import type { Loaders } from './loaders.js'

/** What resolvers of campaigns are handed. */
export type Asking = RequestContext<Loaders, CampaignsFlow>

/** Whether who asks belongs to the campaign team, or watches over it. */
export function isTeam({ roles }: Identity): boolean {
  return roles.some((role) => role === 'campaign-manager' || role === 'operator' || role === 'platform-operator')
}

/** A draft is the team's own. */
export function visible(who: Identity, campaign: CampaignRow | null): CampaignRow | null {
  return campaign === null || (campaign.state === 'DRAFT' && !isTeam(who)) ? null : campaign
}

/** A stub of an entity that lives elsewhere. */
export function stub<Type extends string>(
  __typename: Type,
  id: string,
): { readonly __typename: Type; readonly id: string } {
  return { __typename, id }
}

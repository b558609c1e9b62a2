import type { Clock } from '../../../../platform/time/clock.js'
import type { Identity } from '../../../../schema/identity.js'
import type { RequestContext } from '../../../host/subgraph.js'
import type { AccountRow } from '../store/accounts.js'
import type { PostRow } from '../store/posts.js'
import type { PostWanted } from '../flow/post-link.js'
import type { Loaders } from './loaders.js'

/** What resolvers may ask to be done. Who may ask is checked where it is asked. */
export interface WeiboFlow {
  readonly clock: Clock
  consentPage(state: string): string
  bind(member: string, code: string): Promise<AccountRow>
  post(wanted: PostWanted): Promise<PostRow>
}

export type Asking = RequestContext<Loaders, WeiboFlow>

/** Whether who asks may see what became of a member's post: he himself, and the campaign team. */
export function maySee({ member, roles }: Identity, owner: string): boolean {
  return member === owner || roles.some((role) => role === 'campaign-manager' || role === 'operator')
}

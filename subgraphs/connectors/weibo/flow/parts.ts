import type { Ask } from '../../../../schema/ask.js'
import type { Ground } from '../../../host/subgraph.js'
import type { WeiboClient } from '../client.js'
import type { WeiboConfig } from '../config.js'
import type { TokenSeal } from '../sealed-token.js'
import type { AccountRow } from '../store/accounts.js'

/** What every deed of this connector works with. */
export interface Parts extends Pick<Ground, 'db' | 'clock' | 'observer' | 'databaseTime'> {
  readonly config: WeiboConfig
  readonly client: WeiboClient
  readonly seal: TokenSeal
  readonly ask: Ask
}

/** The account's token, or null when the member must consent again. */
export function tokenOf({ seal, clock }: Pick<Parts, 'seal' | 'clock'>, account: AccountRow | null): string | null {
  if (account === null || account.token === null || account.expiresAt <= clock.now()) return null
  return seal.open(account.token, account.uid)
}

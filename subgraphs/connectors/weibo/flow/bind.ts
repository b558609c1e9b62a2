import { refuse } from '../../../../schema/refuse.js'
import { later } from '../../errands.js'
import { bindAccount, type AccountRow } from '../store/accounts.js'
import type { Parts } from './parts.js'

/** A code that the member brought back -> a token of his account, kept sealed. An account is one member's only. */
export async function bind({ client, seal, db, clock }: Parts, member: string, code: string): Promise<AccountRow> {
  const { token, seconds, uid } = await client.exchange(code)
  const now = clock.now()
  const account = { member, uid, token: seal.seal(token, uid), expiresAt: later(now, seconds * 1000), boundAt: now }
  if (!(await bindAccount(db, account))) throw refuse('CONFLICT', 'this account is bound to another member already')
  return account
}

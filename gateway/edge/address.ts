import type { IncomingMessage } from 'node:http'
import { Failure } from '../../platform/failure.js'
import { inNetworks } from '../../platform/http/networks.js'
import type { Identity } from '../../schema/identity.js'

/** Whose request it is: the peer's address, or behind a proxy of ours the first that `X-Forwarded-For` names, as the web server reads it. */
export function addressOf({ headers, socket }: IncomingMessage, trustProxy: boolean): string {
  const forwarded = trustProxy ? headers['x-forwarded-for'] : undefined
  const named = typeof forwarded === 'string' ? forwarded.split(',')[0]?.trim() : undefined
  return named === undefined || named === '' ? (socket.remoteAddress ?? '') : named
}

/** Refuses who asks from where his credential is not used. */
export function checkAddress({ credential }: Identity, address: string): void {
  if (credential === undefined || credential.networks.length === 0) return
  if (!inNetworks(credential.networks)(address))
    throw new Failure('NETWORK_FORBIDDEN', 'the credential is not used from this address')
}

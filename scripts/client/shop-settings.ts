import { anyText, anyUrl, optional, wholeBetween } from '../../platform/config/read-settings.js'
import { Failure } from '../../platform/failure.js'
import { systemClock } from '../../platform/time/clock.js'
import { signToken } from '../../platform/token.js'
import { rootSecret } from '../start/root-secret.js'

/** How the clients of a running shop are told where it is and who asks. */
export const SHOP_SETTINGS = {
  port: {
    flag: 'port',
    env: 'PORT',
    read: wholeBetween(1, 65_535),
    default: 4000,
    about: 'where the shop listens on this machine',
  },
  url: { flag: 'url', read: optional(anyUrl), default: null, about: 'the endpoint of a shop elsewhere' },
  data: {
    flag: 'data',
    env: 'DAIHUO_DATA',
    read: anyText,
    default: '.data',
    about: 'where the shop keeps the key that tokens are signed with',
  },
  token: {
    flag: 'token',
    read: optional(anyText),
    default: null,
    about: 'a token given, instead of one signed with that key',
  },
} as const

/** Signs tokens that last as long as a long evening. */
export type Signer = (claims: { readonly sub: string; readonly roles: readonly string[] }) => Promise<string>

const SECONDS = 24 * 3600

export function endpointOf({ url, port }: { readonly url: string | null; readonly port: number }): string {
  return url ?? `http://localhost:${port}/graphql`
}

/** With the shop's own key; a token that was given stands for everybody. */
export async function signerOf({
  data,
  token,
}: {
  readonly data: string
  readonly token: string | null
}): Promise<Signer> {
  if (token !== null) return () => Promise.resolve(token)
  const secrets = await rootSecret(data, { make: false, given: process.env['DAIHUO_SECRET'] ?? null })
  return (claims) => signToken(secrets.key('token'), claims, { clock: systemClock, seconds: SECONDS })
}

/** What to say when a client ends: nobody there becomes an advice how to start a shop; a fault stays what it is. */
export function farewell(error: unknown, url: string): string {
  if (!(error instanceof Failure)) throw error
  if (error.code !== 'CALL_UNREACHABLE') return error.message
  return `No shop answers at ${url}. Start one with "npm start", or name another with --port or --url.`
}

import { jsonAnswer, type Door, type DoorAnswer, type DoorRequest } from '../../../../platform/http/door.js'
import { inNetworks } from '../../../../platform/http/networks.js'
import { signToken } from '../../../../platform/token.js'
import { isOneOf, secretHash } from '../credential.js'
import { readCredential, secretsOf, touchCredential, type CredentialRow } from '../store/credentials.js'
import type { Desk } from './credentials.js'

/** What the door signs tokens with, and how long they last. */
export interface TokenDesk extends Desk {
  readonly tokenKey: Buffer
  readonly tokenSeconds: number
}

/** RFC 6749, "Error Response": a word that clients know, and ours beside it. */
class Refused extends Error {
  readonly answer: DoorAnswer

  constructor(status: number, word: string, code: string, message: string) {
    super(message)
    const { headers, ...rest } = jsonAnswer(status, { error: word, error_description: message, code })
    const realm = status === 401 ? { 'www-authenticate': 'Basic realm="partners"' } : {}
    this.answer = { ...rest, headers: { ...headers, ...NOT_KEPT, ...realm } }
  }
}

const NOT_KEPT = { 'cache-control': 'no-store' } as const

/** `POST /partners/token`, RFC 6749, "Client Credentials Grant": id and secret -> a token that lasts some minutes. */
export function tokenDoor(desk: TokenDesk): Door {
  return {
    method: 'POST',
    path: '/partners/token',
    answer: async (request) => {
      try {
        const { credential, scopes } = await admitted(desk, request)
        return await answer(desk, credential, scopes)
      } catch (refusal) {
        if (refusal instanceof Refused) return refusal.answer
        throw refusal
      }
    },
  }
}

interface Admitted {
  readonly credential: CredentialRow
  readonly scopes: readonly string[]
}

/** who -> does he know the secret -> from where -> what does he want. Whoever does not know the secret is told nothing else. */
async function admitted(desk: TokenDesk, request: DoorRequest): Promise<Admitted> {
  const form = formOf(request)
  if (form.get('grant_type') !== 'client_credentials')
    throw new Refused(400, 'unsupported_grant_type', 'BAD_USER_INPUT', 'grant_type must be client_credentials')
  const { id, secret } = clientOf(request, form)
  const credential = id === '' ? null : await readCredential(desk.db, id)
  const hashes = ((await secretsOf(desk.db, [id], desk.clock.now())).get(id) ?? []).map(({ hash }) => hash)
  const isKnown = isOneOf(secretHash(desk.key, secret), hashes)
  if (credential === null || !isKnown || credential.revoked_at !== null)
    throw new Refused(401, 'invalid_client', 'UNAUTHENTICATED', 'the id or the secret is wrong, or has ended')
  if (credential.networks.length > 0 && !inNetworks(credential.networks)(request.address))
    throw new Refused(403, 'access_denied', 'NETWORK_FORBIDDEN', 'the credential is not used from this address')
  return { credential, scopes: scopesOf(credential, form.get('scope') ?? '') }
}

async function answer(desk: TokenDesk, credential: CredentialRow, scopes: readonly string[]): Promise<DoorAnswer> {
  const { id, partner, networks } = credential
  const scope = scopes.join(' ')
  const claims = { partner, roles: ['partner'], scope, client_id: id, networks }
  const token = await signToken(desk.tokenKey, claims, { clock: desk.clock, seconds: desk.tokenSeconds })
  await touchCredential(desk.db, id, desk.clock.now())
  const told = { access_token: token, token_type: 'Bearer', expires_in: desk.tokenSeconds, scope }
  const { headers, ...rest } = jsonAnswer(200, told)
  return { ...rest, headers: { ...headers, ...NOT_KEPT } }
}

function formOf({ headers, body }: DoorRequest): URLSearchParams {
  const type = headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/x-www-form-urlencoded')
    throw new Refused(400, 'invalid_request', 'BAD_USER_INPUT', 'the body must be application/x-www-form-urlencoded')
  return new URLSearchParams(Buffer.from(body).toString('utf8'))
}

/** RFC 6749, "Client Password": in the header, each part encoded as in a form, or in the body. */
function clientOf({ headers }: DoorRequest, form: URLSearchParams): { readonly id: string; readonly secret: string } {
  const encoded = /^Basic +([A-Za-z0-9+/=]+)$/i.exec(headers.get('authorization') ?? '')?.[1]
  if (encoded === undefined) return kept(form.get('client_id') ?? '', form.get('client_secret') ?? '')
  const [id = '', ...secret] = Buffer.from(encoded, 'base64').toString('utf8').split(':')
  return kept(id, secret.join(':'))
}

/** What no credential of ours is like is not looked up: a zero byte would be an error of the database. */
function kept(id: string, secret: string): { readonly id: string; readonly secret: string } {
  return { id: /^pc_[0-9a-f]{24}$/.test(id) ? id : '', secret }
}

/** All that it may, or those of them that are asked for. */
function scopesOf({ scopes }: CredentialRow, asked: string): readonly string[] {
  const words = asked.split(' ').filter((word) => word !== '')
  const foreign = words.find((word) => !scopes.some((scope) => scope === word))
  if (foreign !== undefined)
    throw new Refused(400, 'invalid_scope', 'FORBIDDEN', 'the credential has not all of these scopes')
  return words.length === 0 ? scopes : scopes.filter((scope) => words.includes(scope))
}

import type { DoorAnswer, DoorRequest } from '../../platform/http/door.js'
import { answered } from './refusal.js'
import type { World } from './world.js'

/** How long a consent holds: the value of the worked example; real ones depend on the app's level. */
const SECONDS = 157_679_999

/** An app that was not reviewed may be used by so many accounts. */
const TEST_ACCOUNTS = 15

/** An account consents to the app: gives the code that its browser would bring back. */
export function consent({ memory, chance }: World, uid: string): string {
  const code = chance.bytes(16).toString('hex')
  memory.codes.set(code, uid)
  return code
}

/** Where a browser asks for consent. Ours shows no page: whoever comes consents, as the account in `uid`. */
export function authorize(world: World, { query }: DoorRequest): DoorAnswer {
  const { app } = world
  const redirectUri = query.get('redirect_uri') ?? ''
  if (query.get('client_id') !== app.appKey) return oauthError('/oauth2/authorize', 'invalid_client')
  if (redirectUri !== app.redirectUri) return oauthError('/oauth2/authorize', 'redirect_uri_mismatch')
  if (query.get('response_type') !== 'code') return oauthError('/oauth2/authorize', 'unsupported_response_type')
  const back = new URL(redirectUri)
  back.searchParams.set('code', consent(world, query.get('uid') ?? '1404376560'))
  const state = query.get('state')
  if (state !== null) back.searchParams.set('state', state)
  return { status: 302, headers: { location: back.toString() }, body: '' }
}

/** code -> token, once. */
export function accessToken(world: World, form: URLSearchParams): DoorAnswer {
  const { app, memory, clock, chance } = world
  const request = '/oauth2/access_token'
  if (form.get('client_id') !== app.appKey || form.get('client_secret') !== app.appSecret)
    return oauthError(request, 'invalid_client')
  if (form.get('grant_type') !== 'authorization_code') return oauthError(request, 'unsupported_grant_type')
  if (form.get('redirect_uri') !== app.redirectUri) return oauthError(request, 'redirect_uri_mismatch')
  const code = form.get('code') ?? ''
  const uid = memory.codes.get(code)
  if (uid === undefined || memory.usedCodes.has(code))
    return oauthError(request, 'invalid_grant', `invalid authorization code:${code}`)
  const accounts = new Set([...memory.tokens.values()].map((grant) => grant.uid)).add(uid)
  if (!app.reviewed && accounts.size > TEST_ACCOUNTS)
    return answered({ error: 'Applications over the unaudited use restrictions!', error_code: 21_321, request }, 403)
  memory.usedCodes.add(code)
  const token = code === 'abc' ? '2.00demo' : `2.00${chance.bytes(14).toString('hex')}`
  memory.tokens.set(token, { uid, expiresAt: clock.now().getTime() + SECONDS * 1000 })
  return answered({ access_token: token, remind_in: String(SECONDS), expires_in: SECONDS, uid })
}

/** What a token is good for. */
export function tokenInfo({ memory, app, clock }: World, form: URLSearchParams): DoorAnswer {
  const grant = memory.tokens.get(form.get('access_token') ?? '')
  const leftMs = (grant?.expiresAt ?? 0) - clock.now().getTime()
  if (grant === undefined || leftMs <= 0) return oauthError('/oauth2/get_token_info', 'expired_token')
  const left = Math.floor(leftMs / 1000)
  const createdAt = Math.floor(grant.expiresAt / 1000) - SECONDS
  return answered({ uid: grant.uid, appkey: app.appKey, scope: null, create_at: createdAt, expire_in: left })
}

const ERRORS = {
  redirect_uri_mismatch: 21_322,
  invalid_client: 21_324,
  invalid_grant: 21_325,
  expired_token: 21_327,
  unsupported_grant_type: 21_328,
  unsupported_response_type: 21_329,
} as const

function oauthError(request: string, error: keyof typeof ERRORS, description: string = error): DoorAnswer {
  const body = { error, error_code: ERRORS[error], request, error_uri: request, error_description: description }
  return answered(body, 400)
}

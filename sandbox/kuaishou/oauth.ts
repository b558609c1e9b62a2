import { jsonAnswer, type DoorAnswer, type DoorRequest } from '../../platform/http/door.js'
import { nowOf, type Grant, type World } from './world.js'

const CODE_MS = 2 * 60_000
const ACCESS_SECONDS = 172_800
const REFRESH_SECONDS = 15_552_000
/** A refresh token that has been used lives so much longer. */
const USED_REFRESH_MS = 5 * 60_000
const SCOPES = ['user_base', 'merchant_item', 'merchant_order', 'merchant_refund', 'merchant_logistics']

const ERRORS = {
  invalid_request: 100200100,
  unauthorized_client: 100200101,
  access_denied: 100200102,
  unsupported_grant_type: 100200104,
  invalid_grant: 100200105,
} as const

/** The seller says yes to the app; the code is good for two minutes and one use. */
export function newCode(world: World): string {
  const code = `code-${world.chance.uuid()}`
  world.memory.codes.push({ code, until: nowOf(world) + CODE_MS })
  return code
}

/** `GET /oauth/authorize`: the page where the seller agrees; ours agrees at once. */
export function authorize(world: World, request: DoorRequest): DoorAnswer {
  const back = request.query.get('redirect_uri') ?? ''
  if (request.query.get('app_id') !== world.app.appKey || !/^https?:\/\/[^\s]+$/.test(back))
    return denied('invalid_request', 'app_id or redirect_uri')
  const query = new URLSearchParams({ code: newCode(world), state: request.query.get('state') ?? '' })
  return { status: 302, headers: { location: `${back}?${query.toString()}` }, body: '' }
}

/** `GET /oauth2/access_token`: code for tokens; the grant type is `code`. */
export function accessToken(world: World, params: URLSearchParams): DoorAnswer {
  const wrong = wrongApp(world, params)
  if (wrong !== null) return wrong
  if (params.get('grant_type') !== 'code') return denied('unsupported_grant_type', 'grant_type')
  const { memory } = world
  const code = memory.codes.find((one) => one.code === params.get('code'))
  memory.codes = memory.codes.filter((one) => one !== code)
  if (code === undefined || code.until < nowOf(world)) return denied('invalid_grant', 'code is used or too old')
  memory.revoked = false
  return granted(world)
}

/** `POST /oauth2/refresh_token`: new tokens, and the used refresh token dies within five minutes. */
export function refreshToken(world: World, params: URLSearchParams): DoorAnswer {
  const wrong = wrongApp(world, params)
  if (wrong !== null) return wrong
  if (params.get('grant_type') !== 'refresh_token') return denied('unsupported_grant_type', 'grant_type')
  const known = world.memory.grants.find((grant) => grant.refreshToken === params.get('refresh_token'))
  if (world.memory.revoked || known === undefined || known.refreshUntil < nowOf(world))
    return denied('access_denied', 'refreshToken.discarded')
  known.refreshUntil = Math.min(known.refreshUntil, nowOf(world) + USED_REFRESH_MS)
  return granted(world)
}

/** Whether an access token is good; older ones live on to their own end. */
export function isGranted({ memory, clock }: World, token: string | undefined): boolean {
  const now = clock.now().getTime()
  return memory.grants.some((grant) => grant.accessToken === token && grant.accessUntil > now)
}

function granted(world: World): DoorAnswer {
  const now = nowOf(world)
  const grant: Grant = {
    accessToken: `access-${world.chance.uuid()}`,
    refreshToken: `refresh-${world.chance.uuid()}`,
    accessUntil: now + ACCESS_SECONDS * 1000,
    refreshUntil: now + REFRESH_SECONDS * 1000,
  }
  world.memory.grants = [...world.memory.grants.filter((old) => old.accessUntil > now), grant]
  return jsonAnswer(200, {
    ...{ result: 1, access_token: grant.accessToken, refresh_token: grant.refreshToken },
    ...{ open_id: world.seller.openId, scopes: SCOPES, token_type: 'bearer' },
    ...{ expires_in: ACCESS_SECONDS, refresh_token_expires_in: REFRESH_SECONDS },
  })
}

function wrongApp({ app }: World, params: URLSearchParams): DoorAnswer | null {
  const right = params.get('app_id') === app.appKey && params.get('app_secret') === app.appSecret
  return right ? null : denied('unauthorized_client', 'app_id or app_secret')
}

function denied(error: keyof typeof ERRORS, text: string): DoorAnswer {
  return jsonAnswer(200, { result: ERRORS[error], error, error_msg: text })
}

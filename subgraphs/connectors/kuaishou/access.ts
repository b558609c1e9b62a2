import type { Failure } from '../../../platform/failure.js'
import { call, type Call } from '../../../platform/http/call.js'
import { refuse } from '../../../schema/refuse.js'
import type { Ground } from '../../host/subgraph.js'
import { sent, type Access } from './client.js'
import type { KuaishouConfig } from './config.js'
import { granted, type Granted } from './decode-answers.js'
import { later } from '../errands.js'
import type { Personal } from '../../../platform/personal.js'
import type { TokenTable } from './store/kuaishou-tables.js'
import { keepToken, lockForRefresh, readToken } from './store/tokens.js'

/** Tokens are refreshed this long before they end, by whoever notices first. */
const AHEAD_MS = 6 * 3_600_000
/** For so long a token is used without looking for a newer one. */
const KNOWN_MS = 5_000
const SCOPES = 'user_base,merchant_item,merchant_order,merchant_refund,merchant_logistics'

/** What granting stands on. */
export interface AccessParts {
  readonly config: KuaishouConfig
  readonly ground: Ground
  readonly personal: Personal
}

/** OAuth: code -> tokens -> refreshed in time by one process, while the others go on with the token that still is good. */
export function accessOf(parts: AccessParts): Access {
  const { config, ground, personal } = parts
  const { db, clock, observer } = ground

  let known: { readonly token: Promise<string>; readonly untilMs: number } | null = null

  return {
    /** Read again now and then: another process may have refreshed it, but the old one lives on to its own end. */
    token() {
      const now = clock.monotonicMs()
      if (known === null || known.untilMs <= now) known = { token: kept(), untilMs: now + KNOWN_MS }
      return known.token.catch((error: unknown) => {
        known = null
        throw error
      })
    },
    renew(refused) {
      known = null
      return renewed(refused)
    },
  }

  async function kept(): Promise<string> {
    const row = await readToken(db, config.appKey)
    if (row === null) return await begin()
    const now = clock.now()
    if (row.access_until > later(now, AHEAD_MS)) return personal.open(row.access, config.appKey)
    return (await refreshed(row)) ?? personal.open(row.access, config.appKey)
  }

  /** Another process may have renewed it already; else refresh, and if even that is refused begin anew. */
  async function renewed(refusedToken: string): Promise<string> {
    const kept = await readToken(db, config.appKey)
    if (kept === null) return await begin()
    const access = personal.open(kept.access, config.appKey)
    if (access !== refusedToken) return access
    const fresh = await refreshed(kept).catch((error: unknown) => {
      observer.log('error', 'Kuaishou refused our refresh token', { error })
      return null
    })
    return fresh ?? (await begin())
  }

  async function begin(): Promise<string> {
    const code = config.code ?? (await consentOf(config))
    const query = { app_id: config.appKey, grant_type: 'code', code, app_secret: config.appSecret }
    const url = `${config.url}/oauth2/access_token?${new URLSearchParams(query).toString()}`
    return await keep(await sent(url, 'GET', { form: '', timeoutMs: config.timeoutMs }))
  }

  /** Null when another process refreshes now. */
  async function refreshed(seen: TokenTable): Promise<string | null> {
    const locked = await lockForRefresh(db, seen, clock.now())
    if (locked === null) return null
    const form = new URLSearchParams({
      ...{ app_id: config.appKey, app_secret: config.appSecret, grant_type: 'refresh_token' },
      refresh_token: personal.open(locked.refresh, config.appKey),
    }).toString()
    return await keep(await sent(`${config.url}/oauth2/refresh_token`, 'POST', { form, timeoutMs: config.timeoutMs }))
  }

  async function keep(answer: Readonly<Record<string, unknown>>): Promise<string> {
    if (answer['result'] !== 1) throw denied(answer)
    const grant: Granted = granted(answer)
    const now = clock.now()
    await keepToken(db, config.appKey, {
      access: personal.seal(grant.access, config.appKey),
      refresh: personal.seal(grant.refresh, config.appKey),
      access_until: later(now, grant.accessSeconds * 1000),
      refresh_until: later(now, grant.refreshSeconds * 1000),
    })
    observer.count('kuaishou.granted')
    return grant.access
  }
}

/** The sandbox's authorize page agrees at once and sends the code along; a real one waits for a person. */
async function consentOf(config: KuaishouConfig): Promise<string> {
  const query = {
    app_id: config.appKey,
    redirect_uri: config.url,
    scope: SCOPES,
    response_type: 'code',
    state: 'begin',
  }
  const page = { url: `${config.url}/oauth/authorize?${new URLSearchParams(query).toString()}`, method: 'GET' as const }
  const told = config.consent === 'person' ? null : await redirection({ ...page, timeoutMs: config.timeoutMs })
  const code = told === null ? null : new URL(told, config.url).searchParams.get('code')
  if (code !== null) return code
  throw refuse('PARTNER_UNAVAILABLE', 'the seller has not agreed: open the authorize page and set KUAISHOU_CODE', {
    details: { retryAfterMs: 30_000 },
  })
}

async function redirection(page: Omit<Call, 'mostBytes'>): Promise<string | null> {
  try {
    return (await call({ ...page, mostBytes: 100_000 })).headers.get('location') ?? null
  } catch (cause) {
    throw refuse('PARTNER_UNAVAILABLE', 'Kuaishou did not answer', { cause })
  }
}

function denied(answer: Readonly<Record<string, unknown>>): Failure {
  const error = typeof answer['error_msg'] === 'string' ? answer['error_msg'] : 'no reason given'
  return refuse('PARTNER_UNAVAILABLE', `Kuaishou gave no token: ${error.slice(0, 100)}`, {
    details: { retryAfterMs: 30_000 },
  })
}

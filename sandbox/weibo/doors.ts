import type { Door, DoorAnswer, DoorRequest } from '../../platform/http/door.js'
import { count } from './counts.js'
import { limitsOf, QUOTAS, type Limits } from './limits.js'
import { accessToken, authorize, tokenInfo } from './oauth.js'
import { answered, refusal, Refused } from './refusal.js'
import { clicks, shorten, topics } from './short-urls.js'
import { share, show, showUser, type Asked } from './statuses.js'
import type { World } from './world.js'

interface Api {
  readonly method: 'GET' | 'POST'
  readonly run: (world: World, asked: Asked) => unknown
}

const APIS: Readonly<Record<string, Api>> = {
  'statuses/share': { method: 'POST', run: share },
  'statuses/show': { method: 'GET', run: show },
  'statuses/count': { method: 'GET', run: count },
  'users/show': { method: 'GET', run: showUser },
  'short_url/shorten': { method: 'GET', run: shorten },
  'short_url/clicks': { method: 'GET', run: clicks },
  'search/trends/name': { method: 'GET', run: topics },
}

/** The network's paths. It pushes nothing: there is no webhook. */
export function doorsOf(world: World): readonly Door[] {
  const limits = limitsOf(world)
  return [
    { method: 'GET', path: '/oauth2/authorize', answer: (request) => Promise.resolve(authorize(world, request)) },
    {
      method: 'POST',
      path: '/oauth2/access_token',
      answer: (request) => Promise.resolve(accessToken(world, form(request))),
    },
    {
      method: 'POST',
      path: '/oauth2/get_token_info',
      answer: (request) => Promise.resolve(tokenInfo(world, form(request))),
    },
    ...Object.entries(APIS).map(([name, api]) => apiDoor(world, limits, { name, api })),
    {
      method: 'GET',
      path: '/2/account/rate_limit_status.json',
      answer: (request) =>
        guarded({ world, path: '/2/account/rate_limit_status.json' }, request, (asked) =>
          rateLimits(world, limits, asked),
        ),
    },
  ]
}

function apiDoor(world: World, limits: Limits, { name, api }: { name: string; api: Api }): Door {
  const path = `/2/${name}.json`
  return {
    method: api.method,
    path,
    answer: (request) =>
      guarded({ world, path }, request, (asked) => {
        limits.count({ uid: asked.uid, address: asked.address, write: api.method === 'POST', name })
        return api.run(world, asked)
      }),
  }
}

/** Who asks is looked at before anything else; nothing of a refused call is done. */
async function guarded(
  { world, path }: { world: World; path: string },
  request: DoorRequest,
  run: (asked: Asked) => unknown,
): Promise<DoorAnswer> {
  try {
    const params = paramsOf(request)
    return answered(await run({ uid: who(world, params), params, address: request.address }))
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return refusal(error, path, world.faults.happens('text-code'))
  }
}

function who({ memory, clock }: World, params: URLSearchParams): string {
  const token = params.get('access_token')
  if (token === null) throw new Refused(10006)
  const grant = memory.tokens.get(token)
  if (grant === undefined) throw new Refused(21301)
  if (grant.expiresAt <= clock.now().getTime()) throw new Refused(21327)
  return grant.uid
}

/** It may lie: with the fault `limit` it always says that there is plenty. */
function rateLimits({ faults, clock }: World, limits: Limits, { uid, address }: Asked): unknown {
  const left = limits.remaining(uid, address)
  return {
    ip_limit: QUOTAS.addressPerHour,
    limit_time_unit: 'HOURS',
    remaining_ip_hits: left.address,
    remaining_user_hits: faults.isOn('limit') ? 150 : left.user,
    reset_time: new Date(left.resetAt).toISOString().slice(0, 19).replace('T', ' '),
    reset_time_in_seconds: Math.ceil((left.resetAt - clock.now().getTime()) / 1000),
    user_limit: faults.isOn('limit') ? 150 : QUOTAS.userPerDay,
    api_rate_limits: [
      { api: '/statuses/share', limit: QUOTAS.writesPerHour, limit_time_unit: 'HOURS', remaining_hits: left.user },
    ],
  }
}

function form({ body }: DoorRequest): URLSearchParams {
  return new URLSearchParams(Buffer.from(body).toString('utf8'))
}

/** What was asked with; pictures are not imitated. */
function paramsOf(request: DoorRequest): URLSearchParams {
  if (request.method !== 'POST') return request.query
  const kind = request.headers.get('content-type') ?? ''
  if (kind.startsWith('multipart/')) throw new Refused(10007, kind.split(';')[0])
  return form(request)
}

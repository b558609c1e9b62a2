import type { Door, DoorAnswer, DoorRequest } from '../../../platform/http/door.js'
import type { Chance } from '../../../platform/time/chance.js'
import { isBot } from '../domain/bot.js'
import type { Followed, Visit } from '../flow/follow-link.js'

/** Our own cookie: a chance number, so that two clicks of one browser are one visitor's. Half a year. */
const COOKIE = 'dhv'
const COOKIE_SECONDS = 15_552_000

/** What the door of exclusive links needs. */
export interface LinkDoorParts {
  readonly follow: (visit: Visit) => Promise<Followed>
  readonly chance: Chance
  readonly saleUrl: string
}

/** code -> counted click -> 302 to the sale with the signed click id. An unknown or forged code is 404. */
export function linkDoor({ follow, chance, saleUrl }: LinkDoorParts): Door {
  return {
    method: 'GET',
    path: '/l/:code',
    answer: async (request) => {
      const known = visitorOf(request)
      const visitor = known ?? chance.bytes(16).toString('hex')
      const followed = await follow({
        code: request.path.get('code') ?? '',
        visitor,
        address: request.address,
        agent: request.headers.get('user-agent') ?? '',
        bot: isBot(request.method, request.headers),
      })
      return redirect(saleAddress(saleUrl, followed), cookie(visitor, request))
    },
  }
}

/** Never kept by anyone in between: each visit must come here. */
function redirect(location: string, setCookie: string): DoorAnswer {
  return {
    status: 302,
    headers: { location, 'set-cookie': setCookie, 'cache-control': 'no-store', 'x-robots-tag': 'noindex' },
    body: '',
  }
}

function saleAddress(saleUrl: string, { product, clickId }: Followed): string {
  const query = new URLSearchParams({ product, ...(clickId !== null && { click: clickId }) })
  return `${saleUrl}${saleUrl.includes('?') ? '&' : '?'}${query.toString()}`
}

function visitorOf({ headers }: DoorRequest): string | null {
  return /(?:^|;\s*)dhv=([0-9a-f]{32})(?:;|$)/.exec(headers.get('cookie') ?? '')?.[1] ?? null
}

function cookie(visitor: string, { headers }: DoorRequest): string {
  const secure = headers.get('x-forwarded-proto') === 'https' ? '; Secure' : ''
  return `${COOKIE}=${visitor}; Path=/l; Max-Age=${COOKIE_SECONDS}; HttpOnly; SameSite=Lax${secure}`
}

import { parseExact } from '../../../platform/exact-json.js'
import { Failure } from '../../../platform/failure.js'
import { call } from '../../../platform/http/call.js'
import type { Observer } from '../../../platform/observe/observer.js'
import type { WeiboConfig } from './config.js'
import {
  consent,
  figures,
  meaningOf,
  newestPost,
  refusalIn,
  seenPost,
  type Consent,
  type Figures,
  type Meaning,
  type SeenPost,
} from './translate.js'

/** The network answered, and its answer is no; what follows from it depends on what it means. */
export class WeiboSaysNo extends Failure {
  readonly meaning: Meaning

  constructor(number: number, words: string) {
    super('PARTNER_REFUSED', `Weibo says ${number}: ${words}`, { details: { number } })
    this.meaning = meaningOf(number)
  }
}

/** The calls that we make. Each throws `WeiboSaysNo`, or PARTNER_UNAVAILABLE when there was no answer that we can read. */
export interface WeiboClient {
  /** Where a person consents; he comes back with a code. */
  consentPage(state: string): string
  exchange(code: string): Promise<Consent>
  share(token: string, status: string): Promise<SeenPost>
  newest(token: string, uid: string): Promise<SeenPost | null>
  figures(token: string, mids: readonly string[]): Promise<readonly Figures[]>
}

const MOST_BYTES = 1_048_576

/** Speaks to the network by the settings. Nothing is signed there: the token is all, so it is never logged. */
export function weiboClient(config: WeiboConfig, observer: Observer): WeiboClient {
  const { url, appKey, appSecret, redirectUri } = config
  const app = { client_id: appKey, redirect_uri: redirectUri }
  const get = (path: string, query: Params): Promise<unknown> => asked({ config, observer, path, method: 'GET' }, query)
  const post = (path: string, form: Params): Promise<unknown> => asked({ config, observer, path, method: 'POST' }, form)

  return {
    consentPage: (state) =>
      `${url}/oauth2/authorize?${new URLSearchParams({ ...app, response_type: 'code', state }).toString()}`,
    exchange: async (code) => {
      const form = { ...app, client_secret: appSecret, grant_type: 'authorization_code', code }
      return understood(consent, await post('/oauth2/access_token', form))
    },
    share: async (token, status) =>
      understood(seenPost, await post('/2/statuses/share.json', { access_token: token, status })),
    newest: async (token, uid) => understood(newestPost, await get('/2/users/show.json', { access_token: token, uid })),
    figures: async (token, mids) =>
      understood(figures, await get('/2/statuses/count.json', { access_token: token, ids: mids.join(',') })),
  }
}

type Params = Readonly<Record<string, string>>

interface Asked {
  readonly config: WeiboConfig
  readonly observer: Observer
  readonly path: string
  readonly method: 'GET' | 'POST'
}

async function asked({ config, observer, path, method }: Asked, params: Params): Promise<unknown> {
  const encoded = new URLSearchParams(params).toString()
  const answer = await answerTo(() =>
    call({
      url: config.url + path + (method === 'GET' ? `?${encoded}` : ''),
      method,
      ...(method === 'POST' && {
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: encoded,
      }),
      timeoutMs: config.timeoutMs,
      mostBytes: MOST_BYTES,
    }),
  )
  const refusal = refusalIn(answer)
  observer.count('weibo.called', { path, outcome: refusal === null ? 'answered' : meaningOf(refusal.code) })
  if (refusal !== null) throw new WeiboSaysNo(refusal.code, refusal.words)
  return answer
}

/** An answer of another form than agreed is the network's fault, never that of who asked us. */
function understood<T>(read: (answer: unknown) => T, answer: unknown): T {
  try {
    return read(answer)
  } catch (cause) {
    throw new Failure('PARTNER_UNAVAILABLE', 'Weibo answered in a form that we do not know', { cause })
  }
}

/** An answer that is no JSON is no answer: a page of a proxy, or of a machine that is down. */
async function answerTo(send: () => Promise<{ readonly body: Buffer }>): Promise<unknown> {
  try {
    return parseExact((await send()).body.toString('utf8'))
  } catch (cause) {
    throw new Failure('PARTNER_UNAVAILABLE', 'Weibo did not answer, or not in JSON', { cause })
  }
}

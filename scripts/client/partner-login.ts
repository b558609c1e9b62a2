import { fields, json, text, whole } from '../../platform/decode.js'
import { Failure } from '../../platform/failure.js'
import { call } from '../../platform/http/call.js'
import type { Clock } from '../../platform/time/clock.js'
import type { Ask } from '../../schema/ask.js'
import { askShop } from './ask-shop.js'

/** Where a partner exchanges its credential for tokens. */
export interface Login {
  /** The door of tokens: `https://shop.example/partners/token`. */
  readonly url: string
  readonly clientId: string
  readonly secret: string
  readonly clock: Clock
}

/** So long before its end a token is not used any more. */
const SPARE_MS = 30_000

/** A partner's server with its credential: it asks for a token, uses it for some minutes, and asks for the next. */
export class PartnerLogin {
  readonly #login: Login
  #token: { readonly text: string; readonly untilMs: number } | null = null

  constructor(login: Login) {
    this.#login = login
  }

  /** A token that lasts for a while yet. */
  async token(): Promise<string> {
    const { clock } = this.#login
    if (this.#token !== null && this.#token.untilMs > clock.monotonicMs()) return this.#token.text
    const { token, seconds } = await this.#exchange()
    this.#token = { text: token, untilMs: clock.monotonicMs() + Math.max(0, seconds * 1000 - SPARE_MS) }
    return token
  }

  /** The shop's endpoint, each question with a token that is good. */
  ask(url: string): Ask {
    return async (question) => await askShop({ url, token: await this.token() })(question)
  }

  async #exchange(): Promise<{ readonly token: string; readonly seconds: number }> {
    const { url, clientId, secret } = this.#login
    const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: secret }
    const { status, body } = await call({
      ...{ url, method: 'POST', body: new URLSearchParams(form).toString(), timeoutMs: 10_000, mostBytes: 65_536 },
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    const answer = fields(json(body.toString('utf8'), 'the answer'), 'the answer')
    if (status !== 200)
      throw new Failure(text(answer['code'], 'code'), text(answer['error_description'], 'error_description'))
    return { token: text(answer['access_token'], 'access_token'), seconds: whole(answer['expires_in'], 'expires_in') }
  }
}

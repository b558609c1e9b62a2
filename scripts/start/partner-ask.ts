import type { Secrets } from '../../platform/secret.js'
import type { Clock } from '../../platform/time/clock.js'
import { signToken } from '../../platform/token.js'
import type { Ask } from '../../schema/ask.js'
import { askShop } from '../client/ask-shop.js'

/** How long a token lives that is made for one question. */
const TOKEN_SECONDS = 120

/** The graph as a partner's server asks it over HTTP: each question with a fresh token of its own. */
export function partnerAsk(
  partner: string,
  { url, secrets, clock }: { readonly url: string; readonly secrets: Secrets; readonly clock: Clock },
): Ask {
  return async (question) => {
    const claims = { partner, roles: ['partner'] }
    const token = await signToken(secrets.key('token'), claims, { clock, seconds: TOKEN_SECONDS })
    return await askShop({ url, token })(question)
  }
}

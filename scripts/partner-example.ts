import { anyText, anyUrl, helpFor, optional, readSettings, type Values } from '../platform/config/read-settings.js'
import { fields, text } from '../platform/decode.js'
import { closeCalls } from '../platform/http/call.js'
import { serve } from '../platform/http/serve.js'
import { silent } from '../platform/observe/observer.js'
import { systemChance } from '../platform/time/chance.js'
import { systemClock } from '../platform/time/clock.js'
import { askShop } from './client/ask-shop.js'
import { act } from './client/deed.js'
import { PartnerLogin, type Login } from './client/partner-login.js'
import { Letters, sellInside } from './client/sell-inside.js'
import { endpointOf, farewell, SHOP_SETTINGS, signerOf } from './client/shop-settings.js'

/** `npm run partner:example`: a partner's developer sells something of a running shop inside his app, and gives the money back. */
const SETTINGS = {
  partner: { flag: 'partner', read: anyText, default: 'example', about: 'who sells, where a credential is issued' },
  client: { flag: 'client', read: optional(anyText), default: null, about: 'the id of a credential that was issued' },
  secret: {
    flag: 'secret',
    env: 'PARTNER_SECRET',
    read: optional(anyText),
    default: null,
    about: 'its secret; without the two one is issued with the key of the shop on this machine',
  },
  tokenUrl: {
    flag: 'token-url',
    read: optional(anyUrl),
    default: null,
    about: 'the door of tokens, where it is not /partners/token beside the endpoint',
  },
  region: {
    flag: 'region',
    read: anyText,
    default: '330106',
    about: 'where the buyer lives, six digits of the national list',
  },
  ...SHOP_SETTINGS,
}

type Wanted = Values<typeof SETTINGS>

let url = ''
const keepAlive = setInterval(() => undefined, 60_000) // the clock's pauses alone do not keep a process
try {
  if (process.argv.includes('--help')) console.log(`npm run partner:example -- [settings]\n\n${helpFor(SETTINGS)}`)
  else await run()
} catch (error) {
  console.error(farewell(error, url))
  process.exitCode = 1
}
clearInterval(keepAlive)
await closeCalls()

async function run(): Promise<void> {
  const wanted = readSettings(SETTINGS, { args: process.argv.slice(2), env: process.env })
  url = endpointOf(wanted)
  const letters = new Letters(systemClock)
  const server = await serve({ doors: [letters.door], port: 0, observer: silent })
  try {
    await sellInside({
      ask: new PartnerLogin(await loginOf(wanted)).ask(url),
      clock: systemClock,
      regionCode: wanted.region,
      partnerOrderId: `example-${systemChance.uuid()}`,
      hook: { url: `${server.url}/told`, letters },
      say: (line) => console.log(line),
    })
  } finally {
    await server.stop()
  }
}

/** The partner's credential as it was given, or else one that the shop's operator issues now, where the shop's key is at hand. */
async function loginOf(wanted: Wanted): Promise<Login> {
  const door = wanted.tokenUrl ?? new URL('/partners/token', url).href
  const { clientId, secret } =
    wanted.client !== null && wanted.secret !== null
      ? { clientId: wanted.client, secret: wanted.secret }
      : await issued(wanted)
  return { url: door, clientId, secret, clock: systemClock }
}

const ISSUE = `mutation Issue($input: IssuePartnerCredentialInput!) {
  issuePartnerCredential(input: $input) { credential { clientId } secret errors { code message field } } }`

async function issued(wanted: Wanted): Promise<Pick<Login, 'clientId' | 'secret'>> {
  const sign = await signerOf(wanted)
  const operator = askShop({ url, token: await sign({ sub: 'Member:operator', roles: ['operator'] }) })
  const wish = { idempotencyKey: systemChance.uuid(), partner: wanted.partner, label: 'npm run partner:example' }
  const it = await act(operator, ISSUE, { input: wish })
  const clientId = text(fields(it['credential'], 'credential')['clientId'], 'clientId')
  console.log(`the operator issued ${clientId}`)
  return { clientId, secret: text(it['secret'], 'secret') }
}

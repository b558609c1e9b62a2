import { anyText, helpFor, optional, readSettings, wholeBetween, yesOrNo } from '../../platform/config/read-settings.js'
import { silent } from '../../platform/observe/observer.js'
import { systemClock } from '../../platform/time/clock.js'
import { readFaults } from './faults.js'
import { openWeiboSandbox, SANDBOX_APP } from './weibo-sandbox.js'

/** The social network as a process of its own. */
const SETTINGS = {
  port: { flag: 'port', env: 'WEIBO_PORT', read: wholeBetween(0, 65_535), default: 4102, about: 'where it listens' },
  redirect: {
    flag: 'redirect',
    env: 'WEIBO_REDIRECT',
    read: anyText,
    default: SANDBOX_APP.redirectUri,
    about: 'where a browser is sent back to with its code',
  },
  domains: {
    flag: 'domains',
    read: (text: string) => text.split(','),
    default: SANDBOX_APP.safeDomains,
    about: "the app's safe domains",
  },
  faults: { flag: 'faults', read: readFaults, default: [], about: "all, none, or some of the README's list" },
  seed: { flag: 'seed', read: wholeBetween(0, 2_147_483_647), default: 1, about: 'for people and faults' },
  people: { flag: 'people', alone: true, read: yesOrNo, default: false, about: 'people read and like by themselves' },
  follow: { flag: 'follow', alone: true, read: yesOrNo, default: false, about: '… and follow the links in posts' },
  unreviewed: { flag: 'unreviewed', alone: true, read: yesOrNo, default: false, about: 'the app has 15 test accounts' },
  legacy: { flag: 'legacy', alone: true, read: yesOrNo, default: false, about: 'the old short links answer' },
  business: { flag: 'business', alone: true, read: yesOrNo, default: false, about: 'there is a business contract' },
  file: { flag: 'file', read: optional(anyText), default: null, about: 'where it keeps what it knows' },
}

if (process.argv.includes('--help')) {
  console.log(`A social network: OAuth, posting, figures.\n\n${helpFor(SETTINGS)}`)
} else {
  const settings = readSettings(SETTINGS, { args: process.argv.slice(2), env: process.env })
  const { port, seed, faults, people, follow, file, redirect, domains, legacy, business } = settings
  const sandbox = await openWeiboSandbox({
    ...{ port, seed, faults, clock: systemClock, observer: silent },
    app: { redirectUri: redirect, safeDomains: domains, reviewed: !settings.unreviewed, legacy, business },
    ...(people && { people: { follow } }),
    ...(file !== null && { file }),
  })
  console.log(`weibo sandbox at ${sandbox.url}`)
  const end = (): void => void sandbox.stop().then(() => process.exit(0))
  process.once('SIGINT', end).once('SIGTERM', end)
}

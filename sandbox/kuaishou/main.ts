import {
  anyText,
  anyUrl,
  helpFor,
  optional,
  readSettings,
  wholeBetween,
  yesOrNo,
} from '../../platform/config/read-settings.js'
import { silent } from '../../platform/observe/observer.js'
import { systemClock } from '../../platform/time/clock.js'
import { readFaults, type Fault } from './faults.js'
import { openKuaishouSandbox } from './kuaishou-sandbox.js'

/** The platform as a process of its own. */
const SETTINGS = {
  port: {
    flag: 'port',
    env: 'KUAISHOU_SANDBOX_PORT',
    read: wholeBetween(0, 65_535),
    default: 4101,
    about: 'where it listens',
  },
  webhook: { flag: 'webhook', read: optional(anyUrl), default: null, about: "the merchant's door for messages" },
  deduct: {
    flag: 'deduct',
    read: optional(anyUrl),
    default: null,
    about: "the merchant's door for the question at buying",
  },
  faults: { flag: 'faults', read: faults, default: [], about: "all, none, or some of the README's list" },
  seed: { flag: 'seed', read: wholeBetween(0, 2_147_483_647), default: 1, about: 'for people and faults' },
  people: { flag: 'people', alone: true, read: yesOrNo, default: false, about: 'people buy by themselves' },
  file: { flag: 'file', read: optional(anyText), default: null, about: 'where it keeps what it knows' },
}

function faults(text: string): readonly Fault[] {
  const read = readFaults(text)
  if (read === null) throw new Error('all, none, or names of faults by comma')
  return read
}

if (process.argv.includes('--help')) {
  console.log(`A short-video platform that sells our goods: items, orders, refunds, messages.\n\n${helpFor(SETTINGS)}`)
} else {
  const { port, webhook, deduct, faults, seed, people, file } = readSettings(SETTINGS, {
    args: process.argv.slice(2),
    env: process.env,
  })
  const sandbox = await openKuaishouSandbox({
    ...{ port, seed, faults, people, clock: systemClock, observer: silent },
    ...(file !== null && { file }),
  })
  sandbox.pointTo({ webhook, deduct })
  console.log(`kuaishou sandbox at ${sandbox.url}`)
  const end = (): void => void sandbox.stop().then(() => process.exit(0))
  process.once('SIGINT', end).once('SIGTERM', end)
}

import { helpFor, optional, readSettings, anyText, anyUrl, wholeBetween } from '../../platform/config/read-settings.js'
import { silent } from '../../platform/observe/observer.js'
import { systemClock } from '../../platform/time/clock.js'
import { readFaults } from './faults.js'
import { openPaymentSandbox } from './payment-sandbox.js'

/** The payment sandbox as a process of its own. */
const SETTINGS = {
  port: {
    flag: 'port',
    env: 'PAYMENT_SANDBOX_PORT',
    read: wholeBetween(0, 65_535),
    default: 4103,
    about: 'where it listens',
  },
  hook: {
    flag: 'hook',
    env: 'PAYMENT_HOOK',
    read: anyUrl,
    default: 'http://127.0.0.1:4000/hooks/payment',
    about: "the shop's door for results",
  },
  secret: {
    flag: 'secret',
    env: 'PAYMENT_SECRET',
    read: anyText,
    default: 'sandbox-payment-secret',
    about: 'shared with the shop',
  },
  faults: {
    flag: 'faults',
    read: readFaults,
    default: [],
    about: 'all, none, or some of late,repeated,contradictory,lost',
  },
  seed: { flag: 'seed', read: wholeBetween(0, 2_147_483_647), default: 1, about: 'for the faults' },
  decideMs: { flag: 'decide-ms', read: wholeBetween(0, 600_000), default: 50, about: 'how long the bank thinks' },
  lateMs: { flag: 'late-ms', read: wholeBetween(0, 3_600_000), default: 20_000, about: 'how late a late result is' },
  file: { flag: 'file', read: optional(anyText), default: null, about: 'where it keeps what it knows' },
}

if (process.argv.includes('--help')) {
  console.log(`The payment sandbox: POST /v1/charges, GET /v1/charges/:id, POST /v1/refunds.
A method whose name ends in "declined" is declined.\n\n${helpFor(SETTINGS)}`)
} else {
  const { hook, file, ...settings } = readSettings(SETTINGS, { args: process.argv.slice(2), env: process.env })
  const kept = file === null ? {} : { file }
  const sandbox = await openPaymentSandbox({ ...settings, ...kept, clock: systemClock, observer: silent })
  sandbox.pointTo(hook)
  console.log(`payment sandbox at ${sandbox.url}, results to ${hook}`)
  const end = (): void => void sandbox.stop().then(() => process.exit(0))
  process.once('SIGINT', end).once('SIGTERM', end)
}

import { anyText, helpFor, readSettings, wholeBetween } from '../platform/config/read-settings.js'
import { closeCalls } from '../platform/http/call.js'
import { systemClock } from '../platform/time/clock.js'
import { askShop } from './client/ask-shop.js'
import { endpointOf, farewell, SHOP_SETTINGS, signerOf } from './client/shop-settings.js'
import { booksOf, compareDay } from './reconcile/compare-day.js'

/** `npm run reconcile -- --partner kuaishou --day 2026-11-11`: compares a day's books of both sides in a running shop; 1 while differences are open. */
const SETTINGS = {
  partner: { flag: 'partner', read: anyText, default: 'kuaishou', about: 'whose books are compared with ours' },
  day: { flag: 'day', read: anyText, default: '', about: 'the day as the partner counts it, like 2026-11-11' },
  within: {
    flag: 'within',
    read: wholeBetween(1, 86_400),
    default: 600,
    about: 'how many seconds the comparison may take',
  },
  ...SHOP_SETTINGS,
}
const USAGE = `npm run reconcile -- --partner NAME --day YYYY-MM-DD\n\n${helpFor(SETTINGS)}`

let url = ''
const keepAlive = setInterval(() => undefined, 60_000) // the clock's pauses alone do not keep a process
try {
  if (process.argv.includes('--help')) console.log(USAGE)
  else process.exitCode = await run()
} catch (error) {
  console.error(farewell(error, url))
  process.exitCode = 2
}
clearInterval(keepAlive)
await closeCalls()

async function run(): Promise<number> {
  const wanted = readSettings(SETTINGS, { args: process.argv.slice(2), env: process.env })
  if (wanted.day === '') {
    console.error(USAGE)
    return 2
  }
  url = endpointOf(wanted)
  const sign = await signerOf(wanted)
  const ask = askShop({ url, token: await sign({ sub: 'Member:reconcile', roles: ['operator'] }) })
  const { day, within } = wanted
  const result = await compareDay(ask, {
    books: booksOf(wanted.partner),
    day,
    clock: systemClock,
    withinMs: within * 1000,
  })
  for (const { number, order, what, ours, theirs } of result.open)
    console.log(`${number}: order ${order}: ${what}: ours "${ours}", theirs "${theirs}"`)
  const { orders, undecided, oursMinor, theirsMinor, open } = result
  console.log(
    `${wanted.partner} ${day}: ${orders} orders, ours ${oursMinor} fen, theirs ${theirsMinor} fen, ${open.length} open differences` +
      (undecided === 0 ? '' : `, ${undecided} orders whose commission is still calculated`),
  )
  return open.length === 0 ? 0 : 1
}

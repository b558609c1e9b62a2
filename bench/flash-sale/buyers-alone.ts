import { Failure } from '../../platform/failure.js'
import { openLoad, type Buy } from './load.js'
import { median, rowsOf, whole, type Row } from './rows.js'
import { rushOrder } from './rush-shop.js'

const MS = 1000
const SALE = { variant: 'Variant:none', flashSale: 'FlashSale:none' }
const NO = new Failure('BUSY', 'nobody sells here')

/** Makes the order that it would place, and is refused at once: what is left is what the buyers themselves cost. */
const NOBODY: Buy = (member) => (rushOrder(member, SALE).lines.length > 0 ? Promise.reject(NO) : Promise.resolve())

/** A sentence: how much of a core the buyers of an overload take by themselves, who live in the process of the shop. */
export async function buyersAlone(rows: readonly Row[]): Promise<string> {
  const overloaded = rows.find(({ stand, load }) => stand === 'batched' && load === 'overload')
  if (overloaded === undefined) return ''
  const perSecond = 3 * median(rowsOf(rows, overloaded).map(({ peakPerSecond }) => peakPerSecond))
  await openLoad(NOBODY, { perSecond, ms: MS / 2 })
  const before = process.cpuUsage()
  const { seconds } = await openLoad(NOBODY, { perSecond, ms: MS })
  const { user, system } = process.cpuUsage(before)
  const share = (100 * (user + system)) / (seconds * 1e6)
  return `Of a core, ${whole(share)} % are the ${whole(perSecond)} buyers a second of the overload themselves, who live in the shop's process.`
}

import { refusals } from './answers.js'
import { nowOf, type World } from './world.js'

/** Calls a second of one app, by API; the rest share the common one. */
const QPS: ReadonlyMap<string, number> = new Map([
  ['open.order.cursor.list', 300],
  ['open.item.new', 100],
  ['open.item.edit', 100],
  ['open.item.shelf.status.update', 100],
  ['open.order.decrypt.batch', 100],
])
const COMMON_QPS = 100
/** Calls a second for one user of the app, whose platform has one here. */
const USER_QPS: ReadonlyMap<string, number> = new Map([
  ['open.item.new', 50],
  ['open.item.edit', 50],
  ['open.item.shelf.status.update', 50],
])
const DAY_CALLS = 1_000_000

/** Counts an app's calls, and refuses those over its own limits or, by fault, over the platform's hidden ones. */
export function limitsOf(world: World): (api: string) => void {
  const second = new Map<string, number>()
  let secondNow = 0
  let day = { number: 0, calls: 0 }

  return function count(api) {
    const now = nowOf(world)
    if (Math.floor(now / 1000) !== secondNow) {
      second.clear()
      secondNow = Math.floor(now / 1000)
    }
    const today = Math.floor(now / 86_400_000)
    day = { number: today, calls: day.number === today ? day.calls + 1 : 1 }
    const calls = (second.get(api) ?? 0) + 1
    second.set(api, calls)
    const most = QPS.get(api) ?? COMMON_QPS
    const { appKey } = world.app
    if (day.calls > DAY_CALLS) throw refusals.quota(appKey)
    const user = world.seller.sellerId.toString()
    if (calls > (USER_QPS.get(api) ?? most))
      throw calls > most ? refusals.qps(api, appKey, most) : refusals.userQuota(api, user)
    if (world.faults.happens('limit')) throw refusals.qps(api, appKey, most)
    if (world.faults.happens('quota')) throw refusals.testUserQuota(appKey, user)
  }
}

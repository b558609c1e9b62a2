import { tell } from '../../../platform/bus/outbox.js'
import type { LaunchReminded } from '../../../schema/events/orders.js'
import { memberOf, type Identity } from '../../../schema/identity.js'
import { refuse } from '../../../schema/refuse.js'
import { needSellers } from '../../host/acting/acting-for.js'
import { launchStateAt } from '../domain/launch.js'
import {
  addReservation,
  endLaunches,
  findLaunches,
  insertLaunch,
  reservationsOf,
  takeWaiting,
  type Waiting,
} from '../store/launches.js'
import { sellersOfProduct } from '../store/goods.js'
import { again } from './retry.js'
import { announce, newKey, type Shop } from './shop.js'

/** A launch as it is asked for. */
export interface LaunchRequest {
  readonly product: string
  readonly opensAt: Date
  /** Until then it is sold to those who reserved; null: to everybody at once. */
  readonly allFrom: Date | null
  /** When those who reserved are reminded; null: when it opens. */
  readonly remindAt: Date | null
}

/** A product is not sold before a moment to come. Gives the launch's id. */
export async function scheduleLaunch(shop: Shop, who: Identity, request: LaunchRequest): Promise<string> {
  const { product, opensAt: opens_at } = request
  const all_from = request.allFrom ?? opens_at
  const remind_at = request.remindAt ?? opens_at
  const id = `Launch:${newKey(shop)}`
  await again(() =>
    shop.db.transaction(async (tx) => {
      const sellers = await sellersOfProduct(tx, product)
      if (sellers.length === 0)
        throw refuse('NOT_FOUND', 'no such product is sold', { details: { place: 'productId' } })
      await needSellers(tx, 'orders', { who, sellers })
      if (opens_at <= (await shop.databaseClock(tx)) || all_from < opens_at || remind_at > opens_at)
        throw refuse('BAD_USER_INPUT', 'a launch is to come; it reminds no later, and is open to all no earlier', {
          details: { place: 'opensAt' },
        })
      const row = { id, product, opens_at, all_from, remind_at, reserved: 0, over: false, by: memberOf(who) }
      if (!(await insertLaunch(tx, row))) throw refuse('CONFLICT', 'the product has a launch already')
    }),
  )
  return id
}

/** A member reserves: he may buy first, and is reminded once. Asked again it is the same reservation. */
export async function reserveLaunch(shop: Shop, who: Identity, id: string): Promise<string> {
  const member = memberOf(who)
  await again(() =>
    shop.db.transaction(async (tx) => {
      const launch = (await findLaunches(tx, [id], { lock: true })).get(id)
      if (launch === undefined) throw refuse('NOT_FOUND', 'no such launch')
      const at = await shop.databaseClock(tx)
      if (launchStateAt(launch, at) === 'SCHEDULED') await addReservation(tx, { launch: id, member, at })
      else if (!(await reservationsOf(tx, [id], [member])).has(`${id} ${member}`))
        throw refuse('OFFER_CLOSED', 'it has gone on sale: there is nothing to reserve any more')
    }),
  )
  return id
}

/** How many members one round reminds. */
const MOST = 1000

/** Reminds those whose launch comes, each once: the mark and the event are one transaction, so that a kill leaves both or neither. */
export async function turnLaunches(shop: Shop): Promise<void> {
  const reminded = await shop.db.transaction(async (tx) => {
    const at = await shop.databaseClock(tx)
    const waiting = await takeWaiting(tx, at, MOST)
    await tell(
      tx,
      'orders',
      waiting.map((one) => reminder(one, at)),
    )
    await endLaunches(tx, at)
    return waiting.length
  })
  if (reminded > 0) announce(shop, [])
  if (reminded === MOST) await turnLaunches(shop)
}

function reminder({ launch, product, member, opens_at }: Waiting, at: Date): LaunchReminded {
  const fact = { launch, product, member, opensAt: opens_at.toISOString() }
  return { id: `${launch}:${member}`, kind: 'orders.launchReminded', at: at.toISOString(), ...fact }
}

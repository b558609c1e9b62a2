import type { Outcome } from '../../connector.js'
import { isWaiting, nextStep, type OrderStep, type PartnerOrder } from '../domain/partner-order.js'
import { putErrands } from '../../errands.js'
import { isFinal } from '../shop.js'
import { SCHEMA } from '../store/kuaishou-tables.js'
import {
  keepAddress,
  keepAddressTold,
  keepNeverMade,
  keepOrder,
  keepRefused,
  keepShopState,
  readAddress,
  readOrder,
} from '../store/partner-orders.js'
import { findListingByRelSku } from '../store/listings.js'
import { keepPlaces } from '../store/places.js'
import { orderContent, readSealed } from '../translate.js'
import { openedAddress, sealedAddress } from './addresses.js'
import { itemErrand, showAnew } from './hear.js'
import { isRefused, type Work } from './work.js'

/** No order has so many steps before it; more would be a loop. */
const MOST_STEPS = 20
/** By then what the shop told of the order's end has been heard. */
const SETTLED_MS = 1_000
/** A review of the partner's may end without a word. */
const REVIEW_MS = 15_000

const DO: Readonly<Record<OrderStep, (work: Work, order: PartnerOrder) => Promise<unknown>>> = {
  look,
  cancel: (work, it) => told(work, it, work.shop.cancel(it.oid, 'closed at Kuaishou')),
  giveBack: (work, it) => told(work, it, work.shop.refund(it.oid, 'closed at Kuaishou')),
  close: ({ calls }, it) => calls.close(it.oid),
  open,
  place: (work, it) => place(work, it),
  address: (work, it) => place(work, it),
  confirm,
  deliver,
  receive: (work, it) => told(work, it, work.shop.receive(it.oid)),
}

/**
 * row -> next step -> row, until nothing is to be done. A refusal of the partner means that its order is not as we knew it:
 * we look, and only if the same step is still the next one the refusal stands.
 */
export async function runOrder(work: Work, oid: string): Promise<Outcome> {
  const refusals = new Map<OrderStep, Error>()
  let looked = false
  for (let steps = 0; steps < MOST_STEPS; steps++) {
    const order = await readOrder(work.ground.db, oid)
    if (order === null) return null
    const step: OrderStep | null = isWaiting(order) && !looked ? 'look' : nextStep(order)
    if (step === null) return await rest(work, order)
    const refusal = refusals.get(step)
    if (refusal !== undefined) throw refusal
    looked ||= step === 'look'
    try {
      await DO[step](work, order)
      // What we did there changed the order there: its new state is read, not assumed.
      if (step === 'close' || step === 'deliver') await look(work, order)
      work.ground.observer.count('kuaishou.step', { step })
    } catch (error) {
      if (!isRefused(error)) throw error
      refusals.set(step, error)
      await look(work, order)
    }
  }
  throw new Error(`an order of Kuaishou does not come to rest`)
}

/** Nothing is to be done now. An order that ended put its pieces back there, as our shop did here: the item is made even again. */
async function rest({ ground }: Work, order: PartnerOrder): Promise<Outcome> {
  if (isWaiting(order)) return { againInMs: REVIEW_MS }
  if (order.state !== 'CLOSED' || order.relSku === null) return null
  const listing = await findListingByRelSku(ground.db, order.relSku)
  const errands = listing === null ? [] : [{ ...itemErrand(listing.product), inMs: SETTLED_MS }]
  await ground.db.transaction((tx) => putErrands(tx, SCHEMA, { errands, ground }))
  return null
}

/** What the partner knows of the order is ours now. One that it never made is as good as closed. */
async function look({ calls, ground }: Work, { oid, state }: PartnerOrder): Promise<void> {
  try {
    const content = orderContent(await calls.order(oid))
    await keepPlaces(ground.db, content.places)
    await keepOrder(ground.db, content)
  } catch (error) {
    if (!isRefused(error) || state !== null) throw error
    await keepNeverMade(ground.db, oid)
  }
}

/** The sealed address in clear, encrypted by us at once. */
async function open({ openPieces, ground, personal }: Work, { oid }: PartnerOrder): Promise<void> {
  const { sealed } = await readAddress(ground.db, oid)
  if (sealed === null) {
    await keepRefused(ground.db, oid, 'NOT_FOUND')
    return
  }
  const pieces = readSealed(sealed)
  const [receiver = '', phone = '', detail = ''] = await openPieces(oid, [
    pieces.consignee,
    pieces.mobile,
    pieces.detail,
  ])
  const line = `${pieces.region} ${detail}`.trim()
  await keepAddress(
    ground.db,
    oid,
    sealedAddress(personal, oid, { regionCode: pieces.regionCode, line, receiver, phone }),
  )
}

/** Reserves in our shop, or tells it where what it has reserved goes; its refusal is the order's end, and is told to the partner by closing. */
export async function place(work: Work, order: PartnerOrder, regionCode: string | null = null): Promise<void> {
  const { db } = work.ground
  const listing = order.relSku === null ? null : await findListingByRelSku(db, order.relSku)
  const { address } = await readAddress(db, order.oid)
  if (listing === null) {
    await keepRefused(db, order.oid, 'NOT_FOUND')
    return
  }
  const asked = {
    ...{ partnerOrderId: order.oid, variantId: listing.variant, quantity: order.quantity },
    ...{ unitPriceMinor: order.unitPriceMinor, regionCode },
    address: address === null ? null : openedAddress(work.personal, order.oid, address),
  }
  const refused = await told(work, order, work.shop.place(asked))
  if (refused === 'PRICE_CHANGED') await showAnew(work, [listing.product])
  if (address !== null) await keepAddressTold(db, order.oid)
}

/** The money is in: from now on our shop ships it. */
async function confirm(work: Work, order: PartnerOrder): Promise<void> {
  const at = order.paidAt ?? work.ground.clock.now()
  await told(work, order, work.shop.confirm(order.oid, { minor: order.totalMinor, at }))
}

async function deliver({ calls, config }: Work, { oid, waybill, carrier }: PartnerOrder): Promise<void> {
  const { expressCodes } = config
  const code = expressCodes.get(carrier ?? '') ?? expressCodes.get('OTHER') ?? 0
  if (waybill !== null) await calls.deliver(oid, waybill, code)
}

/** Keeps what the shop answered; its last word "no" is kept too, and given. */
async function told(
  { ground: { db } }: Work,
  { oid }: PartnerOrder,
  answer: ReturnType<Work['shop']['confirm']>,
): Promise<string | null> {
  try {
    const { order, state } = await answer
    await keepShopState(db, oid, { state, order })
    return null
  } catch (error) {
    if (!isFinal(error)) throw error
    // Reserved when the partner asked about it, at another price than it sold at: confirming ends it.
    if (error.code === 'IDEMPOTENCY_MISMATCH') await keepShopState(db, oid, { state: 'RESERVED' })
    else await keepRefused(db, oid, error.code)
    return error.code
  }
}

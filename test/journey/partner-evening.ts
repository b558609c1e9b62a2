import { seededChance } from '../../platform/time/chance.js'
import { pause, systemClock } from '../../platform/time/clock.js'
import type { KuaishouSandbox } from '../../sandbox/kuaishou/kuaishou-sandbox.js'
import type { Order } from '../../sandbox/kuaishou/world.js'
import type { House } from '../support/house.js'
import type { Merchant, Shelf, ShopOrder } from '../support/merchant.js'

const ORDERS = 100

/** A hundred orders, the first half asked about before they are made; some never paid, some given up, some given back. */
export async function aHundredOrders(house: House, sandbox: KuaishouSandbox): Promise<void> {
  const chance = seededChance(11)
  for (let tries = 0; sandbox.memory.orders.length < ORDERS; tries++) {
    if (tries > 3 * ORDERS) throw new Error('the sandbox’s people cannot buy')
    if (sandbox.memory.orders.length === ORDERS / 2)
      sandbox.pointTo({ webhook: `${house.shop.url}/hooks/kuaishou`, deduct: null })
    await Promise.all([1, 2, 3, 4].map(() => oneOrder(sandbox, chance.fraction(), chance.fraction())))
  }
}

/** Somebody orders, and pays, gives up or wants it or a part of its money back, as his luck is; nothing where the shop or the stock says no. */
export async function oneOrder(sandbox: KuaishouSandbox, luck: number, taste: number): Promise<void> {
  const skus = sandbox.memory.items.flatMap((item) => item.skus)
  const skuId = skus[Math.floor(taste * skus.length)]?.skuId ?? ''
  const order = await sandbox.buyers.order({ skuId, num: luck < 0.3 ? 2 : 1 })
  if (order === null) return
  if (luck > 0.9) sandbox.buyers.cancel(order.oid)
  else sandbox.buyers.pay(order.oid)
  if (luck > 0.8 && luck < 0.9) sandbox.buyers.refund(order.oid)
  // One in twenty wants an odd part of the money back before the parcel leaves; some do when it has come (`part-refund`).
  if (luck > 0.75 && luck < 0.8)
    sandbox.buyers.refund(order.oid, { fen: Math.floor((luck - 0.75) * 20 * order.totalFen) | 1 })
}

/** For so long nothing may come to its end before we say that nothing will. */
const STILL_MS = 120_000
const ROUND_MS = 500

/** Parcels leave and arrive until every order has come to its end at the partner's; `ended` hears how many have. */
export async function untilTheEnd(
  merchant: Merchant,
  sandbox: KuaishouSandbox,
  ended: (count: number) => void = () => undefined,
): Promise<void> {
  let [least, last] = [Infinity, performance.now() + STILL_MS]
  for (;;) {
    await merchant.ships()
    for (const { oid } of sandbox.memory.orders.filter(({ status }) => status === 40)) sandbox.buyers.receive(oid)
    const open = openOrders(sandbox)
    ended(sandbox.memory.orders.length - open.length)
    if (open.length === 0) return
    if (open.length < least) [least, last] = [open.length, performance.now() + STILL_MS]
    if (performance.now() > last)
      throw new Error(`${open.length} orders have not come to their end: ${JSON.stringify(open.slice(0, 20))}`)
    await pause(systemClock, ROUND_MS)
  }
}

function openOrders({ memory }: KuaishouSandbox): readonly Order[] {
  const refunds = new Map(memory.refunds.map((refund) => [refund.oid, refund.status]))
  return memory.orders.filter(({ oid, status, totalFen, refundedFen }) => {
    const refund = refunds.get(oid)
    if (refund !== undefined && refund !== 60 && refund !== 70) return status !== 80
    return status !== 70 && status !== 80 && !(status === 50 && refundedFen === totalFen)
  })
}

/** Both sides, order by order: the same orders, the same end, the same fen kept; and what was not kept is on both shelves again. */
export async function bothSidesAgree(merchant: Merchant, sandbox: KuaishouSandbox): Promise<void> {
  const last = performance.now() + AGREE_MS
  for (;;) {
    const found = await differences(merchant, sandbox)
    if (found.length === 0) return
    if (performance.now() > last) throw new Error(`the two sides differ: ${JSON.stringify(found.slice(0, 20))}`)
    await pause(systemClock, 200)
  }
}
const AGREE_MS = 60_000

async function differences(merchant: Merchant, sandbox: KuaishouSandbox): Promise<readonly unknown[]> {
  const [ours, shelves] = [await merchant.orders(), await merchant.shelves()]
  const theirs = new Map(sandbox.memory.orders.map((order) => [order.oid, order]))
  const oids = new Set([...ours.keys(), ...theirs.keys()])
  const orders = [...oids].map((oid) => compared(oid, ours.get(oid), theirs.get(oid)))
  const stocks = shelves.map(({ variant }) => shelved(variant, sandbox))
  return [...orders, ...stocks].filter((it) => it.ours !== it.theirs)
}

function compared(oid: string, ours: ShopOrder | undefined, theirs: Order | undefined) {
  const kept = ours === undefined ? 0 : ours.paid.amountMinor - ours.refunded.amountMinor
  const keptThere = theirs === undefined || theirs.payTime === 0 ? 0 : theirs.totalFen - theirs.refundedFen
  const [end, endThere] = [endOf(ours), endThereOf(theirs)]
  return { oid, ours: `${end} ${kept}`, theirs: `${endThere} ${keptThere}` }
}

/** An order that was never made on one side is as good as one given up on the other. */
function endOf(order: ShopOrder | undefined): string {
  return order?.state === 'COMPLETED' ? 'sold' : order === undefined || GONE.has(order.state) ? 'gone' : order.state
}
const GONE: ReadonlySet<string> = new Set(['CANCELLED', 'EXPIRED', 'REFUNDED'])

function endThereOf(order: Order | undefined): string {
  if (order === undefined || order.status === 80 || order.refundedFen === order.totalFen) return 'gone'
  return order.status === 70 ? 'sold' : `status ${order.status}`
}

function shelved({ id, stock, kuaishouListing }: Shelf['variant'], sandbox: KuaishouSandbox) {
  const sku = sandbox.memory.items
    .flatMap((item) => item.skus)
    .find((one) => one.skuId === kuaishouListing?.kuaishouSku)
  return {
    id,
    ours: `${stock?.available ?? '-'} and ${stock?.reserved ?? '-'} held`,
    theirs: `${sku?.stock ?? '-'} and 0 held`,
  }
}

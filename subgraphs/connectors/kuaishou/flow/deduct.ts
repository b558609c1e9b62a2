import { batcher } from '../../../../platform/batch.js'
import { jsonAnswer, type DoorAnswer } from '../../../../platform/http/door.js'
import { putErrands } from '../../errands.js'
import { isFinal } from '../shop.js'
import { findListingsByRelSku, type ListingRow } from '../store/listings.js'
import { keepAnswers, keepDeducted, keepNeverMade, readOrder } from '../store/partner-orders.js'
import { SCHEMA } from '../store/kuaishou-tables.js'
import { findPlaces } from '../store/places.js'
import { deduction, type Deduction } from '../translate.js'
import { orderErrand, showAnew } from './hear.js'
import { place } from './run-order.js'
import type { Work } from './work.js'

/** Questions in one transaction, how long the first of them waits for others, and how many wait before the partner is told "busy". */
const GATHERED = { most: 64, waitMs: 2, limit: 1_000 } as const

/** What is sold there, and what a piece of it costs the buyer as the partner was told. */
interface Sold extends Pick<ListingRow, 'variant' | 'product'> {
  readonly buyerMinor: number
}

/** What stands in the rows before our shop is asked. */
interface Remembered {
  readonly asked: Deduction
  /** Where the goods go, by the most digits that we know. */
  readonly region: string | null
  /** Null when nothing of it is sold there. */
  readonly listing: Sold | null
  /** Whether nobody had told of the order before. */
  readonly isNew: boolean
}

/** What our shop said to a new order. */
interface Answered {
  readonly oid: string
  readonly order: string | null
  readonly refused: string | null
  /** The product that the partner shows at another price than ours: a subsidy ended with its budget. */
  readonly stale: string | null
}

/**
 * SPI `deduct`: question -> row and an errand that looks whether the order came to be -> reserve -> yes or no. Whatever is
 * killed or late in between, the row is there: the order's push joins it, or the errand gives the stock back. Questions that come
 * together are remembered together, and so is what our shop says to them: two commits for many (bench/partner/deduct.ts).
 */
export function deducting(work: Work): (param: string) => Promise<DoorAnswer> {
  const { clock, observer } = work.ground
  const memory = batcher<Deduction, Remembered>({
    ...{ ...GATHERED, clock, observer, name: 'kuaishou.deduct' },
    run: (asked) => remember(work, asked),
  })
  const answers = batcher<Answered, null>({
    ...{ ...GATHERED, clock, observer, name: 'kuaishou.deducted' },
    async run(answered) {
      await keepAnswers(work.ground.db, answered)
      const stale = new Set(answered.flatMap((one) => one.stale ?? []))
      if (stale.size > 0) await showAnew(work, [...stale])
      return answered.map(() => null)
    },
  })

  return async (param) => {
    const { asked, region, listing, isNew } = await memory.ask(deduction(param))
    if (listing === null) return no('NOT_FOUND')
    if (!isNew) return await askedAgain(work, asked.oid, region)
    const answered = await reserve(work, { ...asked, region }, listing)
    await answers.ask(answered)
    return answered.refused === null ? yes() : no(answered.refused)
  }
}

async function remember({ ground, config }: Work, asked: readonly Deduction[]) {
  return await ground.db.transaction(async (tx): Promise<readonly Remembered[]> => {
    const relSkus = asked.map(({ relSku }) => relSku)
    const paths = asked.flatMap((one) => one.paths)
    const [listings, places] = await Promise.all([findListingsByRelSku(tx, relSkus), findPlaces(tx, paths)])
    const regionOf = ({ paths: named, province }: Deduction): string | null =>
      named.map((path) => places.get(path)).find((code) => code !== undefined) ?? province
    const wanted = asked.map((one) => ({
      ...{ asked: one, region: regionOf(one), listing: sold(listings.get(one.relSku)) },
    }))
    const orders = wanted.flatMap(({ asked: { oid, relSku, quantity }, listing }) =>
      listing === null ? [] : [{ oid, relSku, quantity, unitPriceMinor: listing.buyerMinor }],
    )
    const fresh = await keepDeducted(tx, [...new Map(orders.map((order) => [order.oid, order])).values()])
    const errands = orders.map(({ oid }) => ({ ...orderErrand(oid), inMs: config.unheardMs }))
    await putErrands(tx, SCHEMA, { errands, ground })
    const begun = new Set<string>()
    return wanted.map((one) => {
      const isNew = fresh.has(one.asked.oid) && !begun.has(one.asked.oid)
      begun.add(one.asked.oid)
      return { ...one, isNew }
    })
  })
}

function sold(listing: ListingRow | undefined): Sold | null {
  if (listing?.told_price_minor == null || !listing.wanted) return null
  const { variant, product, told_price_minor: shown, told_subsidy_minor: borne } = listing
  return { variant, product, buyerMinor: shown - borne }
}

/** Our shop's word; one that says nothing of the order is no answer, and the errand asks again. */
async function reserve(
  { shop }: Work,
  { oid, quantity, region }: Deduction & { readonly region: string | null },
  listing: Sold,
): Promise<Answered> {
  try {
    const { order } = await shop.place({
      ...{ partnerOrderId: oid, variantId: listing.variant, quantity, unitPriceMinor: listing.buyerMinor },
      ...{ address: null, regionCode: region },
    })
    return { oid, order, refused: null, stale: null }
  } catch (error) {
    if (!isFinal(error)) throw error
    // Its push was faster and reserved it: the event or the errand tells the row.
    const refused = error.code === 'IDEMPOTENCY_MISMATCH' ? null : error.code
    return { oid, order: null, refused, stale: refused === 'PRICE_CHANGED' ? listing.product : null }
  }
}

/** The order has a row already: from this question, asked before, or from its push, which was faster. */
async function askedAgain(work: Work, oid: string, region: string | null): Promise<DoorAnswer> {
  const { db } = work.ground
  const known = await readOrder(db, oid)
  if (known?.shopState === null && known.refused === null) await place(work, known, region)
  const order = await readOrder(db, oid)
  if (order?.shopState != null && order.refused === null) return yes()
  // The partner makes no order of a no; should it have made one after all, its push says so.
  await keepNeverMade(db, oid)
  return no(order?.refused ?? 'NOT_FOUND')
}

/** What is said when the answer is not there in time; the errand gives back what was reserved. */
export const LATE = jsonAnswer(200, { result: -1, errorMsg: 'BUSY' })

function yes(): DoorAnswer {
  return jsonAnswer(200, { result: 1, errorMsg: null, data: { success: true, data: {} } })
}

function no(code: string): DoorAnswer {
  return jsonAnswer(200, { result: -1, errorMsg: code })
}

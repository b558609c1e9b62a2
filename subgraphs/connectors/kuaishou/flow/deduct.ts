import { jsonAnswer, type DoorAnswer } from '../../../../platform/http/door.js'
import { putErrands } from '../../errands.js'
import { readOrder, keepDeducted, keepNeverMade } from '../store/partner-orders.js'
import { SCHEMA } from '../store/kuaishou-tables.js'
import { findListingByRelSku } from '../store/listings.js'
import { deduction } from '../translate.js'
import { orderErrand } from './hear.js'
import { place } from './run-order.js'
import type { Work } from './work.js'

/**
 * SPI `deduct`: question -> row and an errand that looks whether the order came to be -> reserve -> yes or no. Whatever is
 * killed or late in between, the row is there: the order's push joins it, or the errand gives the stock back.
 */
export async function deduct(work: Work, param: string): Promise<DoorAnswer> {
  const asked = deduction(param)
  const { db, clock } = work.ground
  const listing = await findListingByRelSku(db, asked.relSku)
  if (listing?.told_price_minor == null || !listing.wanted) return no('NOT_FOUND')
  await db.transaction(async (tx) => {
    await keepDeducted(tx, {
      ...{ oid: asked.oid, relSku: asked.relSku, quantity: asked.quantity },
      unitPriceMinor: listing.told_price_minor ?? 0,
    })
    const errands = [{ ...orderErrand(asked.oid), inMs: work.config.unheardMs }]
    await putErrands(tx, SCHEMA, { errands, now: clock.now() })
  })
  return await reserved(work, asked.oid)
}

async function reserved(work: Work, oid: string): Promise<DoorAnswer> {
  const { db } = work.ground
  const known = await readOrder(db, oid)
  if (known?.shopState === null && known.refused === null) await place(work, known)
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

import { tell } from '../../../platform/bus/outbox.js'
import { maybe, misread, text } from '../../../platform/decode.js'
import type { Database } from '../../../platform/db/database.js'
import { onceIfKeyed, type MaybeKeyed } from '../../../platform/db/once.js'
import type { Clock } from '../../../platform/time/clock.js'
import { memberOf, needRole, type Identity } from '../../../schema/identity.js'
import { idOf } from '../../../schema/ids.js'
import { refuse } from '../../../schema/refuse.js'
import type { Delivery } from '../../../schema/regions.js'
import { needSellers } from '../../host/acting/acting-for.js'
import { readDelivery } from '../domain/delivery.js'
import type { Grade } from '../domain/grade.js'
import { webAddress } from '../domain/product-feed.js'
import { SCHEMA } from '../store/migrations.js'
import { addGrading, lockSeller, setDelivery } from '../store/quality.js'
import { deliverySet } from './told-events.js'

/** A judgement as somebody sends it. */
export interface AskedGrading extends MaybeKeyed {
  readonly productId: string
  readonly grade: Grade
  readonly report?: string | null
  readonly notes?: string | null
}

/** Judges a product's quality, with evidence, under the same key once; gives its id. For operators. */
export async function gradeProduct(
  { db, clock }: { readonly db: Database; readonly clock: Clock },
  who: Identity,
  asked: AskedGrading,
): Promise<string> {
  needRole(who, 'operator')
  const product = idOf('Product')(asked.productId, 'productId')
  const report = maybe(asked.report, 'report', webAddress)
  const notes = maybe(asked.notes, 'notes', (value, place) => text(value, place, { most: 2000 }))
  if (report === null && notes === null) throw misread('report', 'given, or notes: a grade rests on something', null)
  const { idempotencyKey, grade } = asked
  const gradedBy = memberOf(who)
  const deed = { owner: gradedBy, kind: 'grade', asked: { idempotencyKey, product, grade, report, notes } }
  return db.transaction((tx) =>
    onceIfKeyed(tx, SCHEMA, deed, async () => {
      const grading = { grade, gradedBy, gradedAt: clock.now(), report, notes }
      if (await addGrading(tx, product, grading)) return product
      throw refuse('NOT_FOUND', `there is no ${product}`)
    }),
  )
}

/** Says where a product is delivered to, and tells of it; gives its id. For operators, and merchants who act for its seller. */
export async function setDeliveryRegions(
  { db, clock, wake }: { readonly db: Database; readonly clock: Clock; readonly wake: () => void },
  who: Identity,
  { productId, ...asked }: Delivery & { readonly productId: string },
): Promise<string> {
  needRole(who, 'merchant', 'operator')
  const product = idOf('Product')(productId, 'productId')
  const delivery = readDelivery(asked)
  await db.transaction(async (tx) => {
    const seller = await lockSeller(tx, product)
    if (seller === null) throw refuse('NOT_FOUND', `there is no ${product}`)
    await needSellers(tx, SCHEMA, { who, sellers: [seller] })
    const version = await setDelivery(tx, product, delivery)
    await tell(tx, SCHEMA, [deliverySet(product, { ...delivery, version }, clock.now())])
  })
  wake()
  return product
}

import { jsonAnswer, type Door } from '../../../platform/http/door.js'
import { findPayment } from '../store/payments.js'
import { settlePayment } from './settle-payment.js'
import type { Shop } from './shop.js'

/**
 * bytes -> verified -> what does the provider itself say of this charge? -> settle -> 200. A notice is only a hint: late, repeated
 * and contradictory ones end in the same truth. When the provider cannot be asked the answer is no 200, and the notice comes again.
 */
export function paymentDoor(shop: Shop): Door {
  return {
    method: 'POST',
    path: '/hooks/payment',
    async answer({ headers, body }) {
      const notice = shop.provider.readNotice(headers, body)
      const payment = await findPayment(shop.db, notice.key)
      if (payment === null) return jsonAnswer(200, { result: 'unknown' })
      const charge = await shop.provider.find(notice.charge)
      if (charge === null || charge.key !== payment.id) return jsonAnswer(200, { result: 'unknown' })
      if (charge.state !== 'PENDING') await settlePayment(shop, payment.id, charge.state)
      return jsonAnswer(200, { result: charge.state })
    },
  }
}

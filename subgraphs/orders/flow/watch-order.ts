import { newestOnly } from '../../host/newest-only.js'
import { orderChannel, type Shop } from './shop.js'

/** What a watcher is told: look at this one, an order or a sale. */
export interface Look {
  readonly id: string
}

/** A look at once, and one after every step of the order; steps that come together are one look. Ends when it is closed. */
export async function watchOrder(shop: Shop, id: string): Promise<AsyncIterableIterator<Look>> {
  const { stream, tell } = newestOnly<Look>({ id }, { left: () => void deaf(), begins: true })
  const deaf = await shop.bus.listen(orderChannel(id), tell)
  return stream
}

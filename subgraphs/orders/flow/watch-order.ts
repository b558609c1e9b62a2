import type { Close } from '../../../platform/bus/bus.js'
import { orderChannel, type Shop } from './shop.js'

/** What a watcher is told: look at this order. */
export interface Look {
  readonly id: string
}

/** A look at once, and one after every step of the order; steps that come together are one look. Ends when it is closed. */
export async function watchOrder(shop: Shop, id: string): Promise<AsyncIterableIterator<Look>> {
  let due = true // the first look is at the order as it is
  let wake: (() => void) | null = null
  let ended = false
  const close: Close = await shop.bus.listen(orderChannel(id), () => {
    due = true
    wake?.()
  })
  const changed = (): Promise<void> => new Promise((resolve) => (wake = resolve))
  const looks: AsyncIterableIterator<Look> = {
    async next() {
      while (!due && !ended) await changed()
      due = false
      return ended ? { done: true, value: undefined } : { done: false, value: { id } }
    },
    async return() {
      ended = true
      wake?.()
      await close()
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]() {
      return looks
    },
  }
  return looks
}

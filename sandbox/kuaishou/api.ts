import { listCommissions, newLink } from './cps.js'
import { adjustInventory, updateInventory } from './inventory.js'
import { editItem, getItem, listItems, newItem, updateShelf, updateStock } from './items.js'
import { cartAction, hasWatched, isOnCar, viewersNow } from './live.js'
import { closeOrder, decryptBatch, deliver, getOrder, listOrders } from './orders.js'
import type { Param } from './read-param.js'
import {
  approveRefund,
  approveReturn,
  confirmReceipt,
  getRefund,
  listRefunds,
  rejectReasons,
  rejectRefund,
} from './refunds.js'
import type { World } from './world.js'

/** One API of the platform. `writes` ones may be done without their answer ever arriving. */
export interface Api {
  readonly verb: 'GET' | 'POST'
  readonly writes: boolean
  readonly run: (world: World, param: Param) => unknown
}

const reads = (run: Api['run']): Api => ({ verb: 'GET', writes: false, run })
const writes = (run: Api['run']): Api => ({ verb: 'POST', writes: true, run })

/** By the method's name; its path is the name with slashes for dots. */
export const APIS: Readonly<Record<string, Api>> = {
  'open.item.list.get': reads(listItems),
  'open.item.get': reads(getItem),
  'open.item.new': writes(newItem),
  'open.item.edit': writes(editItem),
  'open.item.sku.stock.update': writes(updateStock),
  'open.item.shelf.status.update': writes(updateShelf),
  'open.order.cursor.list': reads(listOrders),
  'open.order.detail': reads(getOrder),
  'open.order.decrypt.batch': { verb: 'POST', writes: false, run: decryptBatch },
  'open.seller.order.goods.deliver': writes(deliver),
  'open.seller.order.close': writes(closeOrder),
  'open.seller.order.refund.pcursor.list': reads(listRefunds),
  'open.seller.order.refund.detail': reads(getRefund),
  'open.seller.order.refund.approve': writes(approveRefund),
  'open.seller.order.refund.returngoods.approve': writes(approveReturn),
  'open.seller.order.refund.confirm.receipt': writes(confirmReceipt),
  'open.refund.reject': writes(rejectRefund),
  'open.refund.reject.reason': reads(rejectReasons),
  'open.scm.inventory.update': writes(updateInventory),
  'open.scm.inventory.adjust': writes(adjustInventory),
  'open.live.shop.item.check.oncar': reads(isOnCar),
  'open.live.shop.seller.real.uv': reads(viewersNow),
  'open.live.shop.watch.time.match': reads(hasWatched),
  'open.live.shop.user.car.action': reads(cartAction),
  'open.distribution.cps.kwaimoney.link.create': writes(newLink),
  'open.distribution.cps.kwaimoney.order.list': reads(listCommissions),
  'open.distribution.cps.distributor.order.cursor.list': reads(listCommissions),
}

import { findItem } from './find.js'
import type { Param } from './read-param.js'
import type { World } from './world.js'

/** `open.live.shop.item.check.oncar`: is the item in the running room's cart? */
export function isOnCar(world: World, param: Param): unknown {
  return { liveCarItem: findItem(world, param.id('itemId')).onShelf }
}

/** `open.live.shop.seller.real.uv`: viewers now; ours come and go by chance. */
export function viewersNow({ chance }: World): unknown {
  return { realWatchUv: 200 + Math.floor(chance.fraction() * 100) }
}

/** `open.live.shop.watch.time.match`: has this user watched at least so many seconds? */
export function hasWatched(_world: World, param: Param): unknown {
  return { match: watchedSeconds(param.text('userOpenId')) >= param.whole('threshold', 0, 86_400) }
}

/** `open.live.shop.user.car.action`: did this user click (1) or add to the cart (2)? */
export function cartAction(_world: World, param: Param): unknown {
  return { match: watchedSeconds(param.text('userOpenId')) % 2 === param.whole('actionScene', 1, 2) % 2 }
}

/** Always the same for the same user. */
function watchedSeconds(userOpenId: string): number {
  return Buffer.from(userOpenId).reduce((sum, byte) => (sum * 31 + byte) % 3600, 7)
}

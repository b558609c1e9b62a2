import { redisBus } from '../../platform/bus/redis-bus.js'
import { silent } from '../../platform/observe/observer.js'
import { systemClock } from '../../platform/time/clock.js'
import { SaleBoard } from '../../subgraphs/orders/flow/sale-board.js'

/** Another order process, as far as it knows which sales are sold out: tells its parent the moment that it would refuse each. */
const bus = redisBus({ url: process.env['REDIS_URL'] ?? '', clock: systemClock, observer: silent })
const board = new SaleBoard({ bus, clock: systemClock, observer: silent }, (flashSale) => {
  const line = { variant: '', quantity: 1, room: null, outlet: null, flashSale, click: null, expectedUnitMinor: null }
  if (board.refusal([line]) !== null) process.send?.({ flashSale, at: performance.timeOrigin + performance.now() })
})
await board.listen()
process.on('disconnect', () => process.exit(0))
process.send?.('ready')

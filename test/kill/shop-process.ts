import { memoryBus } from '../../platform/bus/memory-bus.js'
import { consume } from '../../platform/bus/consume.js'
import { startRelay } from '../../platform/bus/outbox.js'
import type { Database } from '../../platform/db/database.js'
import { migrate } from '../../platform/db/migrate.js'
import { openPglite } from '../../platform/db/pglite.js'
import { openPostgres } from '../../platform/db/postgres.js'
import { fields } from '../../platform/decode.js'
import { Failure } from '../../platform/failure.js'
import { silent } from '../../platform/observe/observer.js'
import { systemChance } from '../../platform/time/chance.js'
import { systemClock } from '../../platform/time/clock.js'
import { readOrdersConfig } from '../../subgraphs/orders/config.js'
import { openCounter } from '../../subgraphs/orders/flow/counter.js'
import { payBalance, payOrder } from '../../subgraphs/orders/flow/pay-order.js'
import { startRounds } from '../../subgraphs/orders/flow/rounds.js'
import { SaleBoard } from '../../subgraphs/orders/flow/sale-board.js'
import { hearingNotes } from '../../subgraphs/orders/flow/sale-notes.js'
import type { Shop } from '../../subgraphs/orders/flow/shop.js'
import { httpProvider } from '../../subgraphs/orders/payment/http-provider.js'
import { migrations } from '../../subgraphs/orders/store/migrations.js'
import { aLine, aRequest, someone, VARIANT } from '../support/a-shop.js'
import { mortal, type KillPoint } from './kill-point.js'
import { openDeposits, openSale } from './open-sale.js'
import { letAnHourPass, movedClock, PASSED_HOURS } from './passed-hours.js'
import type { Answer, Question } from './questions.js'
import { stillOpen } from './still-open.js'

/**
 * A process of the shop that is there to be killed: the deeds of orders with relay, rounds and a consumer, asked by its parent. It ends
 * itself at a named point (`KILL_POINT`, the `KILL_AT`th time), by the signal that nobody can catch.
 */
const env = process.env
const point = mortal((env['KILL_POINT'] ?? 'none') as KillPoint, Number(env['KILL_AT'] ?? '1')) // our parent's own words
const database = env['DATABASE_URL']
const plain =
  database === undefined ? await openPglite({ dir: env['KILL_DIR'] ?? '' }) : openPostgres({ url: database, pool: 8 })
await migrate(plain, 'orders', [
  ...migrations,
  { name: '900-heard', sql: 'create table orders.heard (id text not null)' }, // a step of the migration, as several of us start at once
  { name: '901-passed-hours', sql: PASSED_HOURS },
])

const db = point.database(plain)
const ground = { db, clock: systemClock, chance: systemChance, observer: silent }
const bus = memoryBus({ clock: systemClock, observer: silent })
const config = readOrdersConfig(env)
const relay = startRelay({ ...ground, bus, schema: 'orders' })
const board = new SaleBoard({ ...ground, bus })
const shop: Shop = {
  ...ground,
  bus,
  db: hearingNotes(db, (notes) => board.learn(notes)),
  provider: httpProvider(config.payment, systemClock),
  databaseClock: movedClock,
  terms: config.terms,
  lane: process.pid, // another bucket for each of us
  wakeRelay: () => relay.wake(),
}
const counter = openCounter(shop, config.counter, board)
const rounds = startRounds(shop, config.roundMs)
const deaf = consume({ ...ground, bus, schema: 'orders', consumer: 'listener', topic: 'orders', apply: hear })

process.on('message', (question: Question) => void answer(question))
process.on('disconnect', () => process.exit(0))
process.send?.({ id: 0, answer: 'ready' } satisfies Answer)

const BUYING: ReadonlySet<Question['deed']> = new Set(['place', 'pay', 'pay the balance'])

async function answer(question: Question): Promise<void> {
  const said = await done(question)
  if (BUYING.has(question.deed)) point.reached('before the answer')
  process.send?.({ id: question.id, ...said } satisfies Answer)
}

async function done(question: Question): Promise<{ answer: string } | { refusal: string }> {
  try {
    return { answer: await deed(question) }
  } catch (error) {
    return { refusal: error instanceof Failure ? error.code : String(error) }
  }
}

function deed(question: Question): Promise<string> {
  switch (question.deed) {
    case 'open':
      return openSale(shop, question)
    case 'open the pre-sale':
      return openDeposits(shop, question.quota, new Date(question.depositUntil))
    case 'place': {
      const lines = [aLine({ variant: VARIANT, ...question.of })]
      return counter.place(aRequest(question.member, question.key, { lines }))
    }
    case 'pay':
    case 'pay the balance': {
      const { deed, order, key: idempotencyKey, member } = question
      const pay = deed === 'pay' ? payOrder : payBalance
      return pay(shop, someone(member, 'member'), { order, idempotencyKey, method: 'card' })
    }
    case 'let an hour pass':
      return letAnHourPass(db)
    case 'what is still open?':
      return stillOpen(plain)
    case 'close':
      return close()
  }
}

/** Applies what it hears by writing it down, without any care for whether it is there already. */
async function hear(tx: Database, events: readonly unknown[]): Promise<void> {
  const ids = events.map((event) => fields(event, 'event')['id'])
  await tx.query('insert into orders.heard (id) select * from unnest($1::text[])', [ids])
  point.reached('while it hears')
}

async function close(): Promise<string> {
  await rounds.stop()
  await counter.drain()
  await deaf()
  await relay.stop()
  await plain.close()
  return 'closed'
}

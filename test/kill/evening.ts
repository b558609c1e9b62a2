import { silent } from '../../platform/observe/observer.js'
import { seededChance } from '../../platform/time/chance.js'
import { pause, systemClock } from '../../platform/time/clock.js'
import type { Database } from '../../platform/db/database.js'
import { openPaymentSandbox, type PaymentSandbox } from '../../sandbox/payment/payment-sandbox.js'
import { answered, everybody } from './buyers.js'
import { complaints, type Acknowledged } from './complaints.js'
import { Processes, type Asked, type Killing } from './processes.js'
import { untilTold } from './until-told.js'

/** A rush during which the shop's processes are killed. */
export interface KillEvening {
  readonly seed: number
  /** Where the shop's processes find the database. */
  readonly env: NodeJS.ProcessEnv
  /** Opens the same database, once no process has it. */
  readonly open: () => Promise<Database>
  readonly processes: number
  readonly buyers: number
  /** Ten at least, some of which are sold in a pre-sale. */
  readonly pieces: number
  readonly killing: Killing
}

/** What came of it; no complaints are expected. */
export interface Outcome {
  readonly kills: number
  /** In how many buckets the sale was divided; 1: it was not. */
  readonly buckets: number
  readonly placed: number
  readonly paid: number
  /** Orders whose deposit was paid and whose balance was not. */
  readonly deposits: number
  readonly complaints: readonly string[]
}

const SETTINGS = {
  ...{ PAYMENT_SECRET: 'kill', ORDERS_ASK_AFTER_MS: '100', ORDERS_ROUND_MS: '50' },
  ORDERS_RESERVE_MS: '86400000', // an hour passes, and takes nobody's pieces away
}
const HOUR_MS = 3_600_000
/** Between two looks at what is still open. */
const REST_MS = 100
const PRE_SOLD_SHARE = 0.2

/** processes -> a sale and a pre-sale -> buyers who ask again with their keys until they are answered, killings meanwhile -> calm -> the books. */
export async function killEvening(evening: KillEvening): Promise<Outcome> {
  const chance = seededChance(evening.seed)
  const provider = { clock: systemClock, observer: silent, secret: 'kill', seed: evening.seed }
  const payment = await openPaymentSandbox({ port: 0, ...provider, faults: [], decideMs: 30, lateMs: 100 })
  const env = { ...evening.env, ...SETTINGS, PAYMENT_URL: payment.url }
  const processes = new Processes(env, chance, evening.killing)
  try {
    await processes.begin(evening.processes)
    const { buyers, pieces } = evening
    const buckets = bucketsOf(evening.seed)
    const sales = await openSales(processes, { pieces, buckets })
    const acknowledged = await everybody({ processes, chance, buyers, ...sales })
    await processes.calm()
    const open = await untilTold(
      () => insist(processes, { deed: 'what is still open?' }),
      () => pause(systemClock, REST_MS),
    )
    await processes.close()
    const db = await evening.open()
    const found = await complaints(db, { acknowledged, pieces, charged: chargedBy(payment) })
    await db.close()
    const counted = (state: Acknowledged['state']) => acknowledged.filter((one) => one.state === state).length
    return {
      ...{ kills: processes.kills, buckets, placed: acknowledged.length },
      ...{ paid: counted('PAID'), deposits: counted('DEPOSIT_PAID'), complaints: [...open, ...found] },
    }
  } finally {
    await processes.close()
    await payment.stop()
  }
}

/** Every second evening's sale is divided. */
function bucketsOf(seed: number): number {
  return seed % 2 === 0 ? 2 + (seed % 3) : 1
}

/** A flash sale of most pieces and a pre-sale of the others, which wait for it among the free ones. */
async function openSales(processes: Processes, { pieces, buckets }: { pieces: number; buckets: number }) {
  const preSold = Math.ceil(pieces * PRE_SOLD_SHARE)
  const quota = pieces - preSold
  const sale = await insist(processes, { deed: 'open', pieces, quota, buckets })
  const depositUntil = new Date(Date.now() + HOUR_MS).toISOString()
  return { sale, preSale: await insist(processes, { deed: 'open the pre-sale', quota: preSold, depositUntil }) }
}

/** A refusal is asked about once more: who was killed before he answered may have opened it meanwhile. */
async function insist(processes: Processes, question: Asked): Promise<string> {
  const ask = () => processes.ask(question)
  const answer = (await answered(ask)) ?? (await answered(ask))
  if (answer === null) throw new Error(`${question.deed}: refused for good (${processes.kills} kills)`)
  return answer
}

/** What the provider took, by the keys it was asked with. */
function chargedBy({ ledger }: PaymentSandbox): ReadonlyMap<string, number> {
  const taken = [...ledger.charges.values()].filter(({ state }) => state === 'succeeded')
  return new Map(taken.map(({ key, amountMinor }) => [key, amountMinor]))
}

import { silent } from '../../platform/observe/observer.js'
import { seededChance, type Chance } from '../../platform/time/chance.js'
import { systemClock } from '../../platform/time/clock.js'
import type { Database } from '../../platform/db/database.js'
import { openPaymentSandbox } from '../../sandbox/payment/payment-sandbox.js'
import { VARIANT } from '../support/a-shop.js'
import { complaints, type Acknowledged } from './complaints.js'
import { Processes, type Killing, type Said } from './processes.js'

/** A rush during which the shop's processes are killed. */
export interface KillEvening {
  readonly seed: number
  /** Where the shop's processes find the database. */
  readonly env: NodeJS.ProcessEnv
  /** Opens the same database, once no process has it. */
  readonly open: () => Promise<Database>
  readonly processes: number
  readonly buyers: number
  readonly pieces: number
  readonly killing: Killing
}

/** What came of it; no complaints are expected. */
export interface Outcome {
  readonly kills: number
  readonly placed: number
  readonly paid: number
  readonly complaints: readonly string[]
}

/** processes -> a sale -> buyers who ask again with their keys until they are answered, killings meanwhile -> calm -> the books. */
export async function killEvening(evening: KillEvening): Promise<Outcome> {
  const chance = seededChance(evening.seed)
  const provider = { clock: systemClock, observer: silent, secret: 'kill', seed: evening.seed }
  const payment = await openPaymentSandbox({ port: 0, ...provider, faults: [], decideMs: 30, lateMs: 100 })
  const settings = {
    PAYMENT_URL: payment.url,
    PAYMENT_SECRET: 'kill',
    ORDERS_ASK_AFTER_MS: '100',
    ORDERS_ROUND_MS: '50',
  }
  const processes = new Processes({ ...evening.env, ...settings }, chance, evening.killing)
  try {
    await processes.begin(evening.processes)
    const sale = await insist(processes, () => processes.ask({ deed: 'open', pieces: evening.pieces }))
    const crowd = Array.from({ length: evening.buyers }, (_, at) => buyer(processes, { at, sale, chance }))
    const acknowledged = (await Promise.all(crowd)).flat()
    await processes.calm()
    await allTold(processes)
    await processes.close()
    const db = await evening.open()
    const charged = [...payment.ledger.charges.values()].filter(({ state }) => state === 'succeeded').length
    const found = await complaints(db, { acknowledged, pieces: evening.pieces, charged })
    await db.close()
    return {
      kills: processes.kills,
      placed: acknowledged.length,
      paid: acknowledged.filter(({ paid }) => paid).length,
      complaints: found,
    }
  } finally {
    await processes.close()
    await payment.stop()
  }
}

interface Buying {
  readonly at: number
  readonly sale: string
  readonly chance: Chance
}

/** Orders one piece, now and then a second one, asks some answers again, and pays for some. */
async function buyer(processes: Processes, { at, sale, chance }: Buying): Promise<readonly Acknowledged[]> {
  await new Promise((resolve) => setTimeout(resolve, chance.fraction() * 1500))
  const member = `m${at}`
  const got: Acknowledged[] = []
  for (const key of chance.fraction() < 0.2 ? ['a', 'b'] : ['a']) {
    const place = () => processes.ask({ deed: 'place', member, key, variant: VARIANT, sale })
    const order = await answered(place)
    if (chance.fraction() < 0.2 && (await answered(place)) !== order)
      throw new Error(`${member} ${key} had two answers`)
    if (order === null) continue
    const isPaying = chance.fraction() < 0.6
    const paid = isPaying ? await answered(() => processes.ask({ deed: 'pay', member, key: `p${key}`, order })) : null
    got.push({ member: `Member:${member}`, order, paid: paid !== null })
  }
  return got
}

/** Asks again with the same key until somebody lives to answer; null for a refusal that is final. */
async function answered(ask: () => Promise<Said>): Promise<string | null> {
  for (;;) {
    const said = await ask()
    if (said !== null && 'answer' in said) return said.answer
    if (said !== null && FINAL.has(said.refusal)) return null
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

const FINAL: ReadonlySet<string> = new Set(['OFFER_CLOSED', 'STOCK_SHORT', 'LIMIT_PER_MEMBER', 'PAYMENT_DECLINED'])

async function insist(processes: Processes, ask: () => Promise<Said>): Promise<string> {
  const answer = await answered(ask)
  if (answer === null) throw new Error(`the sale could not be opened (${processes.kills} kills)`)
  return answer
}

/** Waits until payments are decided, refunds sent and all events heard. */
async function allTold(processes: Processes): Promise<void> {
  const last = performance.now() + 60_000
  while ((await answered(() => processes.ask({ deed: 'is all told?' }))) !== 'yes') {
    if (performance.now() > last) return // the books will tell what is still open
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

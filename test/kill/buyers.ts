import type { Chance } from '../../platform/time/chance.js'
import type { Acknowledged } from './complaints.js'
import type { Processes, Said } from './processes.js'
import type { Bought } from './questions.js'

/** What is bought in a rush, and where. */
export interface Rush {
  readonly processes: Processes
  readonly chance: Chance
  readonly buyers: number
  readonly sale: string
  readonly preSale: string
}

/** So many come for each who buys in the pre-sale. */
const EACH_PRE_SOLD = 5
/** Within how many milliseconds they come; those of the pre-sale early, so that balances are paid while the others still buy. */
const COME_MS = { sale: 1500, preSale: 300 }

/** All buyers at once; each asks again with his keys until he is answered. Gives what they were told. */
export async function everybody(rush: Rush): Promise<readonly Acknowledged[]> {
  const all = Array.from({ length: rush.buyers }, (_, at) => at)
  const ofSale = all.filter((at) => at % EACH_PRE_SOLD !== 0).map((at) => buys(rush, at))
  const ofPreSale = all.filter((at) => at % EACH_PRE_SOLD === 0)
  return (await Promise.all([...ofSale, preSold(rush, ofPreSale)])).flat()
}

/** Orders one piece, now and then a second one, and pays for some. */
async function buys(rush: Rush, at: number): Promise<readonly Acknowledged[]> {
  const orders = await ordered(rush, { at, of: { flashSale: rush.sale }, withinMs: COME_MS.sale })
  const got: Acknowledged[] = []
  for (const one of orders) got.push({ ...one, state: (await paid(rush, 'pay', one, 0.6)) ? 'PAID' : null })
  return got
}

/** Deposits first; when everybody has had his answer an hour passes, and those who paid one pay the balance, most of them. */
async function preSold(rush: Rush, members: readonly number[]): Promise<readonly Acknowledged[]> {
  const deposits = (await Promise.all(members.map((at) => deposit(rush, at)))).flat()
  await answered(() => rush.processes.ask({ deed: 'let an hour pass' }))
  return Promise.all(
    deposits.map(async (one) =>
      one.state !== null && (await paid(rush, 'pay the balance', one, 0.8)) ? { ...one, state: 'PAID' } : one,
    ),
  )
}

async function deposit(rush: Rush, at: number): Promise<readonly Acknowledged[]> {
  const orders = await ordered(rush, { at, of: { preSale: rush.preSale }, withinMs: COME_MS.preSale })
  const got: Acknowledged[] = []
  for (const one of orders) got.push({ ...one, state: (await paid(rush, 'pay', one, 0.8)) ? 'DEPOSIT_PAID' : null })
  return got
}

type Ordered = Omit<Acknowledged, 'state'>

interface Wish {
  readonly at: number
  readonly of: Bought
  readonly withinMs: number
}

/** One order, now and then two; some answers are asked for again. */
async function ordered({ processes, chance }: Rush, { at, of, withinMs }: Wish): Promise<readonly Ordered[]> {
  await new Promise((resolve) => setTimeout(resolve, chance.fraction() * withinMs))
  const member = `m${at}`
  const got: Ordered[] = []
  for (const key of chance.fraction() < 0.2 ? ['a', 'b'] : ['a']) {
    const place = () => processes.ask({ deed: 'place', member, key, of })
    const order = await answered(place)
    if (chance.fraction() < 0.2 && (await answered(place)) !== order)
      throw new Error(`${member} ${key} had two answers`)
    if (order !== null) got.push({ member, order })
  }
  return got
}

/** Pays for an order, as often as the share says; whether the payment was taken up. */
async function paid(
  { processes, chance }: Rush,
  deed: 'pay' | 'pay the balance',
  { member, order }: Ordered,
  share: number,
): Promise<boolean> {
  if (chance.fraction() >= share) return false
  const pay = () => processes.ask({ deed, member, key: order, order })
  const isTaken = (await answered(pay)) !== null
  if (chance.fraction() < 0.2 && ((await answered(pay)) !== null) !== isTaken)
    throw new Error(`${order} had two answers to one payment`)
  return isTaken
}

/** Asks again with the same key until somebody lives to answer; null for a refusal that is final. */
export async function answered(ask: () => Promise<Said>): Promise<string | null> {
  for (;;) {
    const said = await ask()
    if (said !== null && 'answer' in said) return said.answer
    if (said !== null && FINAL.has(said.refusal)) return null
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

const FINAL: ReadonlySet<string> = new Set(['OFFER_CLOSED', 'STOCK_SHORT', 'LIMIT_PER_MEMBER', 'PAYMENT_DECLINED'])

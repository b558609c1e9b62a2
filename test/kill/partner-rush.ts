import type { Database } from '../../platform/db/database.js'
import { freePort } from '../../platform/http/free-port.js'
import { silent } from '../../platform/observe/observer.js'
import { secretsFrom } from '../../platform/secret.js'
import { seededChance } from '../../platform/time/chance.js'
import { systemClock } from '../../platform/time/clock.js'
import { signToken } from '../../platform/token.js'
import type { Fault } from '../../sandbox/kuaishou/faults.js'
import { askShop } from '../../scripts/client/ask-shop.js'
import { BOOKS, compareDay } from '../../scripts/reconcile/compare-day.js'
import { openSandboxes } from '../../scripts/start/sandboxes.js'
import { moneyDifferences, stockDifferences } from '../../subgraphs/orders/store/audits.js'
import { bothSidesAgree, oneOrder, untilTheEnd } from '../journey/partner-evening.js'
import { Merchant } from '../support/merchant.js'
import { MortalHouse } from './mortal-house.js'

/** An evening at the partner's during which the shop's process may be killed. */
export interface PartnerRush {
  readonly orders: number
  readonly seed: number
  /** How often the shop's process is killed, at moments of the seed's choice; 0 lets it live. */
  readonly kills: number
  /** Where the shop finds its database. */
  readonly env: NodeJS.ProcessEnv
  /** Opens the same database, once no process has it. */
  readonly open: () => Promise<Database>
  /** Which misbehaviours of the partner's are on. */
  readonly faults: readonly Fault[]
  /** Hears how many orders have been made, and how many have come to their end. */
  readonly went?: (progress: Progress) => void
}

/** How far an evening is. */
export interface Progress {
  readonly made: number
  readonly ended: number
}

/** What came of it; no differences are expected. */
export interface PartnerOutcome {
  readonly orders: number
  readonly kills: number
  readonly oursMinor: number
  readonly theirsMinor: number
  readonly differences: readonly string[]
}

const AT_ONCE = 12
/** Lists are asked for often and reach back little: the sandbox's are never late, and an evening here is short. */
const POLLS = { KUAISHOU_POLL_MS: '1000', KUAISHOU_OVERLAP_MS: '10000', KUAISHOU_UNHEARD_MS: '2000' }

/** goods -> every fault on -> orders, killings meanwhile -> calm -> both sides compared, in the shop's words and in its books. */
export async function partnerRush(rush: PartnerRush): Promise<PartnerOutcome> {
  const secrets = secretsFrom(Buffer.alloc(32, 7))
  const sandboxes = await openSandboxes({
    ...{ ports: { kuaishou: 0, weibo: 0, payment: 0 }, dir: null, clock: systemClock, observer: silent },
    ...{ seed: rush.seed, faults: 'none', paymentSecret: 'rush', people: false },
  })
  const port = await freePort()
  const house = new MortalHouse({
    ...{ ...process.env, ...rush.env, ...sandboxes.env, PORT: String(port), PUBLIC_URL: `http://127.0.0.1:${port}` },
    ...POLLS,
  })
  const { kuaishou } = sandboxes
  try {
    await house.begin()
    const shopUrl = `http://127.0.0.1:${port}`
    sandboxes.pointTo(shopUrl)
    const url = `${shopUrl}/graphql`
    const claims = { sub: 'Member:merchant', roles: ['member', 'operator', 'merchant'] }
    const token = await signToken(secrets.key('token'), claims, { clock: systemClock, seconds: 86_400 })
    const merchant = new Merchant(url, token, { patience: true })
    await merchant.opens([rush.orders, rush.orders, Math.ceil(rush.orders / 2), 7])
    kuaishou.faults.set(rush.faults)
    const went = killer(rush, house)
    await crowd(rush, kuaishou, { house, went })
    await untilTheEnd(merchant, kuaishou, (ended) => went({ made: kuaishou.memory.orders.length, ended }))
    await house.there
    await bothSidesAgree(merchant, kuaishou)
    kuaishou.faults.set([])
    const books = BOOKS.get('kuaishou')
    if (books === undefined) throw new Error('the books of Kuaishou are not compared')
    const day = new Date(systemClock.now().getTime() + 8 * 3_600_000).toISOString().slice(0, 10)
    const ask = askShop({ url, token })
    const result = await compareDay(ask, { books, day, clock: systemClock, withinMs: 300_000 })
    await house.close()
    const { oursMinor, theirsMinor } = result
    const lines = result.open.map(({ order, what, ours, theirs }) => `${order}: ${what}: ${ours}, ${theirs} there`)
    return {
      ...{ orders: kuaishou.memory.orders.length, kills: house.kills, oursMinor, theirsMinor },
      differences: [...lines, ...(await audits(rush))],
    }
  } finally {
    await house.close()
    await sandboxes.stop()
  }
}

/** Kills the shop when the evening has come to moments of the seed's choice: among the buying or among what comes after it. */
function killer({ orders, seed, kills, went }: PartnerRush, house: MortalHouse): (progress: Progress) => void {
  const chance = seededChance(seed + 1)
  const moments = Array.from({ length: kills }, () => chance.fraction() * 2 * orders * LAST_MOMENT)
  const left = moments.toSorted((a, b) => a - b)
  return (progress) => {
    went?.(progress)
    const [next] = left
    if (next === undefined || progress.made + progress.ended < next || !house.isThere) return
    left.shift()
    house.kill()
  }
}
/** So that every killing has its moment: the last orders end together. */
const LAST_MOMENT = 0.9

/** Buyers who come until so many orders are made; while nobody answers, nobody can buy. */
async function crowd(
  { orders, seed }: PartnerRush,
  sandbox: Parameters<typeof oneOrder>[0],
  { house, went }: { readonly house: MortalHouse; readonly went: (progress: Progress) => void },
): Promise<void> {
  const chance = seededChance(seed)
  let tries = 0
  await Promise.all(Array.from({ length: AT_ONCE }, buyer))

  async function buyer(): Promise<void> {
    while (sandbox.memory.orders.length < orders) {
      await house.there
      tries += 1
      if (tries > 40 * orders) throw new Error('the sandbox’s people cannot buy')
      await oneOrder(sandbox, chance.fraction(), chance.fraction())
      went({ made: sandbox.memory.orders.length, ended: 0 })
    }
  }
}

/** The shop's own books, recounted: pieces and fen. */
async function audits({ open }: PartnerRush): Promise<readonly string[]> {
  const db = await open()
  try {
    const found = [...(await stockDifferences(db)), ...(await moneyDifferences(db))]
    return found.map(({ what, of, kept, counted }) => `${what}: ${of}: ${kept} kept, ${counted} counted`)
  } finally {
    await db.close()
  }
}

import { cpus } from 'node:os'
import { helpFor, readSettings, wholeBetween } from '../../platform/config/read-settings.js'
import { fields, json } from '../../platform/decode.js'
import { Failure } from '../../platform/failure.js'
import { call } from '../../platform/http/call.js'
import { seededChance } from '../../platform/time/chance.js'
import { SANDBOX_APP } from '../../sandbox/kuaishou/kuaishou-sandbox.js'
import { signatureOf } from '../../sandbox/kuaishou/signing.js'
import { openLoad } from '../flash-sale/load.js'
import { openPartnerShop } from './partner-shop.js'

/**
 * `npm run bench:deduct`: the question that a partner asks at the moment of buying, over HTTP at a rate that does not care whether it is
 * answered, to the whole shop on PostgreSQL. Address and stock are decided: some addresses are delivered to by nobody, some goods run out.
 * A yes is durable. Ends with 1 when the answer comes later than the goal, when any was lost, or when a piece was sold twice.
 */
const SETTINGS = {
  rate: { flag: 'rate', read: wholeBetween(1, 10_000), default: 200, about: 'questions a second' },
  seconds: {
    flag: 'seconds',
    read: wholeBetween(1, 3600),
    default: 20,
    about: 'of the measurement, after five to warm',
  },
  goal: { flag: 'goal', read: wholeBetween(1, 3000), default: 300, about: 'milliseconds for 99 of 100 answers' },
  seed: { flag: 'seed', read: wholeBetween(0, 1_000_000), default: 1, about: 'of what is bought and where it goes' },
}
const NOWHERE = 0.02
const PLACES = ['浙江省', '广东省', '北京市', '四川省', '新疆维吾尔自治区', '吉林省'] as const

if (process.argv.includes('--help')) console.log(`npm run bench:deduct -- [settings]\n\n${helpFor(SETTINGS)}`)
else process.exit(await run())

async function run(): Promise<number> {
  const size = readSettings(SETTINGS, { args: process.argv.slice(2), env: process.env })
  const asked = size.rate * (size.seconds + 5)
  // Of the last two there is less than will be wanted.
  const pieces = [...Array.from({ length: 8 }, () => asked), Math.ceil(asked / 50), 50]
  const shop = await openPartnerShop({ KUAISHOU_UNHEARD_MS: '3600000', KUAISHOU_POLL_MS: '3600000' })
  try {
    await shop.merchant.opens(pieces)
    const skus = shop.sandboxes.kuaishou.memory.items.flatMap((item) => item.skus)
    const said = new Map<string, number>()
    const question = asker(`${shop.url}/partners/kuaishou/deduct`, { skus, seed: size.seed, said })
    await openLoad(question, { perSecond: size.rate, ms: 5_000 })
    said.clear()
    const it = await openLoad(question, { perSecond: size.rate, ms: size.seconds * 1000 })
    const shelves = await shop.merchant.shelves()
    const sold = shelves.reduce((sum, { variant }) => sum + (variant.stock?.reserved ?? 0), 0)
    await shop.stopShop()
    const wrong = (await shop.audit()).length + shelves.filter((it) => (it.variant.stock?.available ?? 0) < 0).length
    const lost = Object.values(it.refused).reduce((sum, count) => sum + count, 0)
    const answers = [...said].map(([what, count]) => `${count} ${what}`).join(', ')
    const whole = (figure: number): string => Math.round(figure).toLocaleString('en')
    console.log(`| asked a second | answered | p50 ms | p99 ms | answers | errors | oversold | held at the end |`)
    console.log(`| --- | --- | --- | --- | --- | --- | --- | --- |`)
    console.log(
      `| ${size.rate} | ${whole(it.acknowledged)} | ${whole(it.p50)} | ${whole(it.p99)} | ${answers} | ` +
        `${lost === 0 ? 0 : JSON.stringify(it.refused)} | ${wrong} | ${whole(sold)} |`,
    )
    console.log(`\nseed ${size.seed}, node ${process.version}, ${cpus().length} cores (${cpus()[0]?.model ?? ''})`)
    return it.p99 <= size.goal && lost === 0 && wrong === 0 ? 0 : 1
  } finally {
    await shop.stop()
  }
}

interface Asking {
  readonly skus: readonly { readonly relSkuId: string; readonly skuId: string }[]
  readonly seed: number
  /** What was answered, and how often. */
  readonly said: Map<string, number>
}

/** One signed question; resolves when it is answered, with a yes or with a no that says why. Busy, late and lost ones are errors. */
function asker(url: string, { skus, seed, said }: Asking): (buyer: number) => Promise<void> {
  const chance = seededChance(seed)
  return async (buyer) => {
    const sku = skus[Math.floor(chance.fraction() * skus.length)]
    const place = PLACES[Math.floor(chance.fraction() * PLACES.length)] ?? ''
    const province = chance.fraction() < NOWHERE ? '台湾省' : place
    const param = JSON.stringify({
      ...{ stockPartner: 'daihuo', province, city: '', area: '', town: '', address: '****', number: 1 },
      ...{ orderId: `201560025630${String(buyer).padStart(8, '0')}`, skuId: sku?.relSkuId, ksSkuId: sku?.skuId },
      timestamp: Date.now(),
    })
    const { status, body } = await call({
      ...{ url, method: 'POST', body: signed(param), timeoutMs: 3_000, mostBytes: 10_000 },
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    const answer = fields(json(body.toString('utf8'), 'answer'), 'answer')
    const what = answer['result'] === 1 ? 'yes' : String(answer['errorMsg'])
    if (status !== 200 || what === 'BUSY') throw new Failure(`${status} ${what}`, 'no answer')
    said.set(what, (said.get(what) ?? 0) + 1)
  }
}

function signed(param: string): string {
  const params = new Map([
    ['appkey', SANDBOX_APP.appKey],
    ['method', 'integration.stock.deduct'],
    ['param', param],
    ['signMethod', 'HMAC_SHA256'],
    ['timestamp', Date.now().toString()],
    ['version', '1'],
  ])
  params.set('sign', signatureOf(params, SANDBOX_APP.signSecret) ?? '')
  return new URLSearchParams([...params]).toString()
}

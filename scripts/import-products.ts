import { anyText, helpFor, readSettings, yesOrNo } from '../platform/config/read-settings.js'
import { closeCalls } from '../platform/http/call.js'
import { askShop } from './client/ask-shop.js'
import { progress } from './client/progress.js'
import { endpointOf, farewell, SHOP_SETTINGS, signerOf } from './client/shop-settings.js'
import { importFile, type ImportReport } from './import/import-file.js'

/** `npm run import:products -- FILE.csv`: brings Shopify's product CSV into a running shop, through its public mutation. */
const SETTINGS = {
  currency: { flag: 'currency', read: currencyCode, default: 'CNY', about: "the currency of the file's prices" },
  seller: { flag: 'seller', read: anyText, default: 'daihuo', about: 'who sells these products' },
  selfOperated: {
    flag: 'self-operated',
    alone: true,
    read: yesOrNo,
    default: false,
    about: 'they are our own, fit to be listed with partners',
  },
  ...SHOP_SETTINGS,
}
const USAGE = `npm run import:products -- FILE.csv [--currency CNY] [--seller NAME] [--self-operated]\n\n${helpFor(SETTINGS)}`

let url = ''
try {
  if (process.argv.includes('--help')) console.log(USAGE)
  else process.exitCode = await run()
} catch (error) {
  console.error(farewell(error, url))
  process.exitCode = 1
}
await closeCalls()

async function run(): Promise<number> {
  const { words, ...wanted } = readSettings(SETTINGS, { args: process.argv.slice(2), env: process.env, words: 1 })
  const [file] = words
  if (file === undefined) {
    console.error(USAGE)
    return 1
  }
  url = endpointOf(wanted)
  const sign = await signerOf(wanted)
  const ask = askShop({ url, token: await sign({ sub: 'Member:importer', roles: ['merchant'] }) })
  const { seller, selfOperated, currency } = wanted
  const bar = progress('rows')
  const work = importFile(file, { ask, consignment: { seller, selfOperated, currency }, watcher: bar })
  const report = await work.finally(() => bar.stop())
  tell(report)
  return report.counts.REFUSED > 0 ? 1 : 0
}

function tell({ counts, wrong }: ImportReport): void {
  for (const { line, reason } of wrong) console.error(`line ${line}: ${reason}`)
  console.log(
    `${counts.CREATED} products created, ${counts.UPDATED} updated, ${counts.UNCHANGED} unchanged, ${counts.REFUSED} refused`,
  )
}

function currencyCode(text: string): string {
  if (!/^[A-Z]{3}$/.test(text)) throw new Error('three capital letters (CNY)')
  return text
}

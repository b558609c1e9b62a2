import { anyText, helpFor, readSettings, yesOrNo } from '../platform/config/read-settings.js'
import { closeCalls } from '../platform/http/call.js'
import { askShop } from './client/ask-shop.js'
import { progress } from './client/progress.js'
import { endpointOf, farewell, SHOP_SETTINGS, signerOf } from './client/shop-settings.js'
import { importFile, type ImportReport } from './import/import-file.js'

/** `npm run import:products -- FILE`: brings Shopify's product CSV or Google's product feed into a running shop, through its public mutation. */
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
const USAGE = `npm run import:products -- FILE [--currency CNY] [--seller NAME] [--self-operated]\n\nFILE is Shopify's product CSV (.csv) or Google's product feed (.tsv, .txt or .xml).\n\n${helpFor(SETTINGS)}`

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
  const ask = askShop({ url, token: await sign({ sub: 'Member:importer', roles: ['operator'] }) })
  const { seller, selfOperated, currency } = wanted
  const bar = progress('rows')
  const work = importFile(file, { ask, consignment: { seller, selfOperated, currency }, watcher: bar })
  const report = await work.finally(() => bar.stop())
  tell(report)
  return report.counts.REFUSED > 0 ? 1 : 0
}

function tell({ counts, wrong }: ImportReport): void {
  for (const { line, code, reason } of wrong) console.error(`line ${line}: ${code}: ${reason}`)
  console.log(
    `${counts.CREATED} products created, ${counts.UPDATED} updated, ${counts.UNCHANGED} unchanged, ${counts.REFUSED} refused`,
  )
}

function currencyCode(text: string): string {
  if (!/^[A-Z]{3}$/.test(text)) throw new Error('three capital letters (CNY)')
  return text
}

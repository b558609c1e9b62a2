import { extname } from 'node:path'
import { anyText, helpFor, optional, readSettings } from '../platform/config/read-settings.js'
import { closeCalls } from '../platform/http/call.js'
import { askShop } from './client/ask-shop.js'
import { endpointOf, farewell, SHOP_SETTINGS, signerOf } from './client/shop-settings.js'
import { exportFile } from './export/export-file.js'

/** `npm run export:products -- FILE`: a seller's products out of a running shop, as Shopify's CSV or Google's feed by the file's ending. */
const SETTINGS = {
  seller: { flag: 'seller', read: anyText, default: 'daihuo', about: 'whose products' },
  link: {
    flag: 'link',
    read: optional(anyText),
    default: null,
    about: 'where a product is shown, with {handle} in it, for the feeds of Google',
  },
  ...SHOP_SETTINGS,
}
const USAGE = `npm run export:products -- FILE [--seller NAME] [--link URL]\n\nFILE ends with .csv (Shopify), .tsv or .xml (Google).\n\n${helpFor(SETTINGS)}`

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
  if (file === undefined || !['.csv', '.tsv', '.xml'].includes(extname(file))) {
    console.error(USAGE)
    return 1
  }
  url = endpointOf(wanted)
  const sign = await signerOf(wanted)
  const ask = askShop({ url, token: await sign({ sub: 'Member:exporter', roles: ['operator'] }) })
  const link = wanted.link ?? new URL('/products/{handle}', url).href.replace('%7Bhandle%7D', '{handle}')
  const count = await exportFile(file, { ask, seller: wanted.seller, link })
  console.log(`${count} products written to ${file}`)
  return 0
}

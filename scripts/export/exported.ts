import { fields, flag, list, maybe, text, whole } from '../../platform/decode.js'
import type { Ask } from '../../schema/ask.js'
import { read } from '../client/deed.js'
import type { ProductInput, VariantInput } from '../shopify/read-product.js'

/** A variant as its feed told it, with its id in the shop. */
export interface ExportedVariant extends VariantInput {
  readonly id: string
}

/** A product as its feed told it: what an export writes. */
export interface ExportedProduct extends Omit<ProductInput, 'variants'> {
  readonly currency: string
  readonly variants: readonly ExportedVariant[]
}

const PAGE = 50
const QUERY = `query ExportProducts($seller: String!, $after: String) {
  products(filter: { seller: $seller }, sort: NEWEST, first: ${PAGE}, after: $after) {
    nodes {
      handle title descriptionHtml vendor productType tags published categoryPath attributes { name value } options { name }
      images { url alt }
      variants {
        id sku optionValues inventoryPolicy barcode grams requiresShipping taxable image { url }
        feed { price { amountMinor currency } compareAt { amountMinor } quantity }
      }
    }
    pageInfo { endCursor hasNextPage }
  }
}`

/** All products of a seller, page after page: only one page is held at a time. */
export async function* exported(ask: Ask, seller: string): AsyncGenerator<ExportedProduct> {
  for (let after: string | null = null, more = true; more;) {
    const page = await read(ask, QUERY, { seller, after })
    yield* list(page['nodes'], 'nodes', product)
    const info = fields(page['pageInfo'], 'pageInfo')
    after = maybe(info['endCursor'], 'endCursor', text)
    more = flag(info['hasNextPage'], 'hasNextPage')
  }
}

function product(value: unknown, place: string): ExportedProduct {
  const it = fields(value, place)
  const variants = list(it['variants'], `${place}.variants`, variant)
  return {
    handle: text(it['handle'], `${place}.handle`),
    title: text(it['title'], `${place}.title`),
    bodyHtml: text(it['descriptionHtml'], `${place}.descriptionHtml`, { least: 0, most: 300_000 }),
    vendor: maybe(it['vendor'], `${place}.vendor`, text),
    type: maybe(it['productType'], `${place}.productType`, text),
    tags: list(it['tags'], `${place}.tags`, text),
    published: flag(it['published'], `${place}.published`),
    category: list(it['categoryPath'], `${place}.categoryPath`, text),
    attributes: list(it['attributes'], `${place}.attributes`, (attribute, at) => {
      const { name, value } = fields(attribute, at)
      return { name: text(name, `${at}.name`), value: text(value, `${at}.value`) }
    }),
    options: list(it['options'], `${place}.options`, (option, at) => text(fields(option, at)['name'], at)),
    images: list(it['images'], `${place}.images`, (image, at) => {
      const { url, alt } = fields(image, at)
      return { url: text(url, `${at}.url`), alt: maybe(alt, `${at}.alt`, text) }
    }),
    currency: variants[0]?.currency ?? 'CNY',
    variants,
  }
}

function variant(value: unknown, place: string): ExportedVariant & { readonly currency: string } {
  const it = fields(value, place)
  const feed = fields(it['feed'], `${place}.feed`)
  const price = fields(feed['price'], `${place}.feed.price`)
  return {
    id: text(it['id'], `${place}.id`),
    currency: text(price['currency'], `${place}.currency`),
    sku: maybe(it['sku'], `${place}.sku`, text),
    optionValues: list(it['optionValues'], `${place}.optionValues`, text),
    priceMinor: whole(price['amountMinor'], `${place}.price`),
    compareAtMinor: maybe(feed['compareAt'], `${place}.compareAt`, (money, at) =>
      whole(fields(money, at)['amountMinor'], at),
    ),
    quantity: maybe(feed['quantity'], `${place}.quantity`, whole),
    policy: it['inventoryPolicy'] === 'CONTINUE' ? 'CONTINUE' : 'DENY',
    barcode: maybe(it['barcode'], `${place}.barcode`, text),
    grams: maybe(it['grams'], `${place}.grams`, whole),
    image: maybe(it['image'], `${place}.image`, (image, at) => text(fields(image, at)['url'], at)),
    requiresShipping: flag(it['requiresShipping'], `${place}.requiresShipping`),
    taxable: flag(it['taxable'], `${place}.taxable`),
  }
}

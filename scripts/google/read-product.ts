import { Failure } from '../../platform/failure.js'
import type { ProductInput, ProductReading, VariantInput } from '../shopify/read-product.js'
import type { Wrong } from '../shopify/read-cells.js'
import { grams, misread, price } from './cells.js'
import type { Item } from './read-items.js'

/** The currency of a file and how many decimals it has. */
export interface Currency {
  readonly currency: string
  readonly digits: number
}

/** Under this section our own export tells what a variant is chosen by; Google has no words for any choice but its own four. */
export const OPTIONS = 'Options'
/** What variants may differ by in Google's own words. */
const CHOICES = ['color', 'size', 'material', 'pattern'] as const
const OWN_ATTRIBUTES = [
  'gender',
  'age_group',
  'condition',
  'energy_efficiency_class',
  'size_type',
  'size_system',
] as const
/** Ids that our own export makes for variants without a number of their seller. */
export const OWN_ID = /^Variant:/

/** Items of one group belong to one product; one without a group is a product of its own. */
export function handleOf(item: Item): string {
  return item.one('item_group_id') || item.one('id')
}

/** The items of one group -> one product, whole or not at all. The first item describes it; each is a variant. */
export function readProduct(items: readonly [Item, ...Item[]], currency: Currency): ProductReading {
  const [first] = items
  const handle = handleOf(first)
  const wrong: Wrong[] = []
  for (const name of ['id', 'title'] as const)
    if (first.one(name) === '') wrong.push({ line: first.line, code: 'BAD_USER_INPUT', reason: `${name} is empty` })
  const options = optionsOf(items)
  const images = imagesOf(items)
  const variants = items.flatMap((item) => {
    try {
      return readVariant(item, { options, mainImage: images[0]?.url, currency })
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      wrong.push({ line: item.line, code: error.code, reason: error.message })
      return []
    }
  })
  if (wrong.length > 0) return { handle, line: first.line, product: null, wrong }
  const product = { ...readHead(first, options, items.length > 1), handle, options, images, variants }
  return { handle, line: first.line, product, variantLines: items.map(({ line }) => line) }
}

function readHead(
  item: Item,
  options: readonly string[],
  isGroup: boolean,
): Omit<ProductInput, 'handle' | 'options' | 'images' | 'variants'> {
  const [type = null] = item.all('product_type')
  const named = item.one('google_product_category')
  const isNumber = /^\d+$/.test(named)
  const own = [...OWN_ATTRIBUTES, ...CHOICES.filter((name) => !isGroup && !options.includes(name))]
  const attributes = [
    ...item.details.filter(({ section, name, value }) => section !== OPTIONS && name !== '' && value !== ''),
    ...own.map((name) => ({ name, value: item.one(name) })),
    ...(isNumber ? [{ name: 'google_product_category', value: named }] : []),
  ]
  return {
    title: item.one('title'),
    bodyHtml: item.one('description'),
    vendor: item.one('brand') || null,
    type,
    tags: [0, 1, 2, 3, 4].map((nth) => item.one(`custom_label_${nth}`)).filter((label) => label !== ''),
    published: true,
    category: pathOf(isNumber || named === '' ? (type?.includes('>') === true ? type : '') : named),
    attributes: attributes.filter(({ value }) => value !== '').map(({ name, value }) => ({ name, value })),
  }
}

function pathOf(text: string): readonly string[] {
  return text
    .split('>')
    .map((name) => name.trim())
    .filter((name) => name !== '')
}

/** Our own export names them; of a group of others they are what its items differ by. */
function optionsOf(items: readonly [Item, ...Item[]]): readonly string[] {
  const told = items[0].details.filter(({ section }) => section === OPTIONS).map(({ name }) => name)
  if (told.length > 0 || items.length === 1) return told
  const differing = CHOICES.filter((name) => new Set(items.map((item) => item.one(name))).size > 1)
  return differing.slice(0, 3)
}

function readVariant(
  item: Item,
  {
    options,
    mainImage,
    currency,
  }: { readonly options: readonly string[]; readonly mainImage: string | undefined; readonly currency: Currency },
): VariantInput {
  const id = item.one('id')
  if (id === '') throw misread('id', 'given', id)
  const full = price(item.one('price'), 'price', currency)
  const sale = item.one('sale_price') === '' ? null : price(item.one('sale_price'), 'sale_price', currency)
  const image = item.one('image_link')
  return {
    sku: OWN_ID.test(id) ? null : id,
    optionValues: options.map((name) => valueOf(item, name)),
    priceMinor: sale ?? full,
    compareAtMinor: sale !== null && sale < full ? full : null,
    ...quantityOf(item),
    barcode: item.one('gtin') || null,
    grams: grams(item.one('shipping_weight'), 'shipping_weight'),
    image: image === '' || image === mainImage ? null : image,
    requiresShipping: true,
    taxable: true,
  }
}

function valueOf(item: Item, name: string): string {
  const told =
    item.details.find((detail) => detail.section === OPTIONS && detail.name === name)?.value ?? item.one(name)
  if (told === '') throw misread(name, 'given, since the items of its group differ by it', '')
  return told
}

const AVAILABILITY = ['in_stock', 'out_of_stock', 'preorder', 'backorder'] as const

/** A feed of Google's says whether there is any; how many only where its maker says so too. */
function quantityOf(item: Item): Pick<VariantInput, 'quantity' | 'policy'> {
  const said = item.one('availability').toLowerCase().replaceAll(' ', '_') || 'in_stock'
  if (!AVAILABILITY.some((word) => word === said)) throw misread('availability', AVAILABILITY.join(' or '), said)
  const pieces = item.one('sell_on_google_quantity') || item.one('quantity')
  if (pieces !== '' && !/^\d{1,9}$/.test(pieces)) throw misread('quantity', 'a whole number', pieces)
  const quantity = pieces !== '' ? Number(pieces) : said === 'in_stock' ? null : 0
  return { quantity, policy: said === 'backorder' ? 'CONTINUE' : 'DENY' }
}

/** The pictures of the first item, then what others have besides; each once. */
function imagesOf(items: readonly Item[]): ProductInput['images'] {
  const urls = items.flatMap((item) => [item.one('image_link'), ...item.all('additional_image_link')])
  return [...new Set(urls.filter((url) => url !== ''))].map((url) => ({ url, alt: null }))
}

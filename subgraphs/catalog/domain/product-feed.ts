import { list, maybe, misread, text as anyText, whole } from '../../../platform/decode.js'
import { Failure } from '../../../platform/failure.js'
import { productId, variantId } from './catalog-ids.js'
import type { Attribute } from './search-words.js'

/** A product as a seller's feed words it; nothing of it is trusted yet. */
export interface ProductFeed {
  readonly handle: string
  readonly title: string
  readonly bodyHtml?: string | null | undefined
  readonly vendor?: string | null | undefined
  readonly type?: string | null | undefined
  readonly tags: readonly string[]
  readonly published: boolean
  /** Where it stands among the kinds of things, from the widest to the narrowest. */
  readonly category?: readonly string[] | undefined
  readonly attributes?: readonly Attribute[] | undefined
  /** The names of its options. */
  readonly options: readonly string[]
  readonly images: readonly { readonly url: string; readonly alt?: string | null | undefined }[]
  readonly variants: readonly VariantFeed[]
}

/** A variant as a feed words it. */
export interface VariantFeed {
  readonly sku?: string | null | undefined
  readonly optionValues: readonly string[]
  readonly priceMinor: number
  readonly compareAtMinor?: number | null | undefined
  readonly quantity?: number | null | undefined
  readonly policy: InventoryPolicy
  readonly barcode?: string | null | undefined
  readonly grams?: number | null | undefined
  readonly image?: string | null | undefined
  readonly requiresShipping: boolean
  readonly taxable: boolean
}

/** What the feed wishes for when stock is gone. It is kept and shown, and never oversells. */
export type InventoryPolicy = 'DENY' | 'CONTINUE'

/** Whose feed it is, and what holds for all of it. */
export interface FeedOwner {
  readonly seller: string
  readonly selfOperated: boolean
  readonly currency: string
}

export interface Image {
  readonly url: string
  readonly alt: string | null
}

/** A good product of a feed; its HTML is still the feed's. */
export interface FedProduct extends FeedOwner {
  readonly id: string
  readonly handle: string
  readonly title: string
  readonly bodyHtml: string
  readonly vendor: string | null
  readonly productType: string | null
  readonly tags: readonly string[]
  readonly published: boolean
  readonly category: readonly string[]
  readonly attributes: readonly Attribute[]
  readonly options: readonly { readonly name: string; readonly values: readonly string[] }[]
  readonly images: readonly Image[]
  readonly variants: readonly FedVariant[]
}

export interface FedVariant {
  readonly id: string
  readonly position: number
  readonly sku: string | null
  /** Its option values joined; null for the one variant of a product without options. */
  readonly title: string | null
  readonly optionValues: readonly string[]
  readonly priceMinor: number
  readonly compareAtMinor: number | null
  readonly quantity: number | null
  readonly inventoryPolicy: InventoryPolicy
  readonly barcode: string | null
  readonly grams: number | null
  readonly image: string | null
  readonly requiresShipping: boolean
  readonly taxable: boolean
}

/** What reading a product gave: the product, or all that is wrong with it. */
export type Reading =
  | { readonly product: FedProduct; readonly wrong: readonly [] }
  | { readonly product: null; readonly wrong: readonly Failure[] }

const NAME = { least: 1, most: 255 }

/** Reads one product of a feed, whole or not at all; every wrong place is told, so that a file is mended in one go. */
export function readProduct(feed: ProductFeed, owner: FeedOwner, place: string): Reading {
  const wrong: Failure[] = []
  const head = caught(wrong, () => readHead(feed, owner, place))
  const variants = feed.variants.map((variant, at) =>
    caught(wrong, () => readVariant(variant, feed, { owner, position: at, place: `${place}.variants[${at}]` })),
  )
  const good = variants.filter((variant) => variant !== null)
  caught(wrong, () => needVariants(good, place, feed.variants.length))
  if (head === null || wrong.length > 0) return { product: null, wrong }
  return { product: { ...head, options: optionsOf(feed, good), variants: good }, wrong: [] }
}

function readHead(feed: ProductFeed, owner: FeedOwner, place: string): Omit<FedProduct, 'variants' | 'options'> {
  const handle = text(feed.handle.trim(), `${place}.handle`, NAME)
  list(feed.options, `${place}.options`, (name, at) => text(name, at, NAME), { most: 3 })
  return {
    ...owner,
    id: productId(owner.seller, handle),
    handle,
    title: text(feed.title.trim(), `${place}.title`, NAME),
    bodyHtml: text(feed.bodyHtml ?? '', `${place}.bodyHtml`, { least: 0, most: 200_000 }),
    vendor: maybe(blankless(feed.vendor), `${place}.vendor`, name),
    productType: maybe(blankless(feed.type), `${place}.type`, name),
    tags: list(feed.tags, `${place}.tags`, name, { most: 250 }),
    published: feed.published,
    category: list(feed.category ?? [], `${place}.category`, trimmedName, { most: 8 }),
    attributes: readAttributes(feed.attributes ?? [], `${place}.attributes`),
    images: list(feed.images, `${place}.images`, (_, at) => at, { most: 250 }).map((at, nth) => ({
      url: webAddress(feed.images[nth]?.url, `${at}.url`),
      alt: maybe(blankless(feed.images[nth]?.alt), `${at}.alt`, (alt, where) => text(alt, where, { most: 1000 })),
    })),
  }
}

/** Each once, in the order of the feed. */
function readAttributes(feed: readonly Attribute[], place: string): readonly Attribute[] {
  const read = list(feed, place, (_, at) => at, { most: 100 }).map((at, nth) => ({
    name: trimmedName(feed[nth]?.name, `${at}.name`),
    value: trimmedName(feed[nth]?.value, `${at}.value`),
  }))
  return [...new Map(read.map((one) => [JSON.stringify([one.name, one.value]), one])).values()]
}

function readVariant(
  feed: VariantFeed,
  product: ProductFeed,
  { owner, position, place }: { owner: FeedOwner; position: number; place: string },
): FedVariant {
  const sku = maybe(blankless(feed.sku), `${place}.sku`, name)
  const optionValues = list(feed.optionValues, `${place}.optionValues`, name, { most: 3 })
  if (optionValues.length !== product.options.length)
    throw misread(
      `${place}.optionValues`,
      `one value for each of ${product.options.length} options`,
      optionValues.join(),
    )
  return {
    id: variantId({ seller: owner.seller, handle: product.handle.trim() }, { sku, optionValues }),
    position,
    sku,
    title: hasNoOptions(product, optionValues) ? null : optionValues.join(' / '),
    optionValues,
    priceMinor: whole(feed.priceMinor, `${place}.priceMinor`, { least: 0, most: MOST_MINOR }),
    compareAtMinor: maybe(feed.compareAtMinor, `${place}.compareAtMinor`, minor),
    quantity: maybe(feed.quantity, `${place}.quantity`, pieces),
    inventoryPolicy: feed.policy,
    barcode: maybe(blankless(feed.barcode), `${place}.barcode`, name),
    grams: maybe(feed.grams, `${place}.grams`, (grams, at) => whole(grams, at, { least: 0, most: 1_000_000_000 })),
    image: maybe(blankless(feed.image), `${place}.image`, webAddress),
    requiresShipping: feed.requiresShipping,
    taxable: feed.taxable,
  }
}

const MOST_MINOR = 1_000_000_000_000

function minor(value: unknown, place: string): number {
  return whole(value, place, { least: 0, most: MOST_MINOR })
}

/** A shop that goes on selling what it has not got exports a count below zero: there is none. */
function pieces(value: unknown, place: string): number {
  return Math.max(0, whole(value, place, { most: 1_000_000_000 }))
}

/** The form that shops give to a product with nothing to choose. */
function hasNoOptions(product: ProductFeed, values: readonly string[]): boolean {
  return values.length === 0 || (product.options[0] === 'Title' && values[0] === 'Default Title')
}

function needVariants(variants: readonly FedVariant[], place: string, sent: number): void {
  if (sent < 1 || sent > 250) throw misread(`${place}.variants`, 'a list of 1 to 250', `${sent} items`)
  const seen = new Set<string>()
  for (const { id, position, sku, title } of variants) {
    if (seen.has(id))
      throw misread(`${place}.variants[${position}]`, 'a variant of its own', sku ?? title ?? 'the same again')
    seen.add(id)
  }
}

function optionsOf(feed: ProductFeed, variants: readonly FedVariant[]): FedProduct['options'] {
  return feed.options.map((name, at) => ({
    name,
    values: [...new Set(variants.flatMap(({ optionValues }) => optionValues[at] ?? []))],
  }))
}

/** A database keeps neither NUL nor half of a character. */
function text(value: unknown, place: string, bounds: { least?: number; most?: number }): string {
  const found = anyText(value, place, bounds)
  if (/[\0\p{Surrogate}]/u.test(found)) throw misread(place, 'a text of whole characters', found)
  return found
}

function name(value: unknown, place: string): string {
  return text(value, place, NAME)
}

function trimmedName(value: unknown, place: string): string {
  return name(typeof value === 'string' ? value.trim() : value, place)
}

function blankless(value: string | null | undefined): string | null {
  const kept = value?.trim() ?? ''
  return kept === '' ? null : kept
}

/** Only what a browser may fetch as a picture. */
export function webAddress(value: unknown, place: string): string {
  const address = text(value, place, { most: 2000 })
  if (!/^https?:/i.test(address) || !URL.canParse(address)) throw misread(place, 'an http or https address', address)
  return address
}

function caught<T>(wrong: Failure[], read: () => T): T | null {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    wrong.push(error)
    return null
  }
}

import { joinList } from '../google/cells.js'
import { OPTIONS } from '../google/read-product.js'
import { amountOf, rowOf } from './cells.js'
import type { ExportedProduct, ExportedVariant } from './exported.js'

/** Where a shop shows a product, with `{handle}` in it: Google wants a link for each item. */
export interface Links {
  readonly link: string
}

/** An attribute of an item by Google's name for it; a detail has three parts, and most come once. */
type Values = readonly (readonly [name: string, value: string | readonly string[] | Details])[]
type Details = { readonly details: readonly (readonly [section: string, name: string, value: string])[] }

const COLUMNS = [
  ...['id', 'item_group_id', 'title', 'description', 'link', 'image_link', 'additional_image_link', 'availability'],
  ...['sell_on_google_quantity', 'price', 'sale_price', 'brand', 'gtin', 'product_type', 'google_product_category'],
  ...['shipping_weight', 'custom_label_0', 'custom_label_1', 'custom_label_2', 'custom_label_3', 'custom_label_4'],
  'product_detail',
]

/** Google's feed as a TSV. What is not published is left out: the feed is for everybody. */
export function tsvForm(links: Links) {
  return {
    head: rowOf(COLUMNS, '\t'),
    foot: '',
    product: (product: ExportedProduct): string =>
      itemsOf(product, links)
        .map((values) => {
          const byName = new Map(values)
          return rowOf(
            COLUMNS.map((name) => cellOf(byName.get(name) ?? '')),
            '\t',
          )
        })
        .join(''),
  }
}

/** Google's feed as RSS 2.0. */
export function xmlForm(links: Links) {
  return {
    head: '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0">\n<channel>\n<title>Products</title>\n',
    foot: '</channel>\n</rss>\n',
    product: (product: ExportedProduct): string =>
      itemsOf(product, links)
        .map((values) => `<item>\n${values.map(elementsOf).join('')}</item>\n`)
        .join(''),
  }
}

function itemsOf(product: ExportedProduct, links: Links): readonly Values[] {
  return product.published ? product.variants.map((variant) => itemOf(product, variant, links)) : []
}

function itemOf(product: ExportedProduct, variant: ExportedVariant, { link }: Links): Values {
  const image = variant.image ?? product.images[0]?.url ?? ''
  const { currency } = product
  const money = (minor: number): string => `${amountOf(minor, currency)} ${currency}`
  const full = Math.max(variant.priceMinor, variant.compareAtMinor ?? 0)
  const reduced = full > variant.priceMinor
  return [
    ['id', variant.sku ?? variant.id],
    ['item_group_id', product.handle],
    ['title', product.title],
    ['description', product.bodyHtml],
    ['link', link.replaceAll('{handle}', encodeURIComponent(product.handle))],
    ['image_link', image],
    ['additional_image_link', product.images.map(({ url }) => url).filter((url) => url !== image)],
    ['availability', availability(variant)],
    ['sell_on_google_quantity', String(variant.quantity ?? '')],
    ['price', money(full)],
    ['sale_price', reduced ? money(variant.priceMinor) : ''],
    ['brand', product.vendor ?? ''],
    ['gtin', variant.barcode ?? ''],
    ['product_type', product.type === null ? [] : [product.type]],
    ['google_product_category', product.category.join(' > ')],
    ['shipping_weight', variant.grams === null ? '' : `${variant.grams} g`],
    ...product.tags.slice(0, 5).map((tag, nth) => [`custom_label_${nth}`, tag] as const),
    ['product_detail', { details: detailsOf(product, variant) }],
  ]
}

function availability({ quantity, policy }: ExportedVariant): string {
  if (policy === 'CONTINUE') return 'backorder'
  return quantity === 0 ? 'out_of_stock' : 'in_stock'
}

function detailsOf({ options, attributes }: ExportedProduct, { optionValues }: ExportedVariant): Details['details'] {
  return [
    ...options.map((name, at) => [OPTIONS, name, optionValues[at] ?? ''] as const),
    ...attributes.map(({ name, value }) => ['Details', name, value] as const),
  ]
}

function cellOf(value: Values[number][1]): string {
  if (typeof value === 'string') return value
  if (!('details' in value)) return joinList(value)
  return joinList(value.details.map((parts) => parts.map((part) => part.replace(/[\\:]/g, '\\$&')).join(':')))
}

function elementsOf([name, value]: Values[number]): string {
  if (typeof value === 'string') return value === '' ? '' : element(name, escaped(value))
  if (!('details' in value)) return value.map((one) => element(name, escaped(one))).join('')
  return value.details
    .map(([section, attribute, one]) =>
      element(
        name,
        element('section_name', escaped(section)) +
          element('attribute_name', escaped(attribute)) +
          element('attribute_value', escaped(one)),
      ),
    )
    .join('')
}

function element(name: string, inner: string): string {
  return `<g:${name}>${inner}</g:${name}>\n`
}

const SIGNS: ReadonlyMap<string, string> = new Map([['&', '&amp;'], ['<', '&lt;'], ['>', '&gt;'], ['\r', '&#13;']]) // prettier-ignore

/** XML has no way at all to write most control characters; they are left out. */
function escaped(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replace(/[&<>\r]/g, (sign) => SIGNS.get(sign) ?? '')
}

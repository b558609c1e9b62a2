import { amountOf, rowOf } from './cells.js'
import type { ExportedProduct, ExportedVariant } from './exported.js'

const COLUMNS = [
  ...['Handle', 'Title', 'Body (HTML)', 'Vendor', 'Product Category', 'Type', 'Tags', 'Published'],
  ...['Option1 Name', 'Option1 Value', 'Option2 Name', 'Option2 Value', 'Option3 Name', 'Option3 Value'],
  ...['Variant SKU', 'Variant Grams', 'Variant Inventory Qty', 'Variant Inventory Policy', 'Variant Price'],
  ...['Variant Compare At Price', 'Variant Requires Shipping', 'Variant Taxable', 'Variant Barcode'],
  ...['Image Src', 'Image Position', 'Image Alt Text', 'Variant Image', 'Status'],
] as const
type Cells = Partial<Record<(typeof COLUMNS)[number], string>>

/** Shopify's product CSV. The names of all attributes stand in its first line, so they must be known before. */
export function shopifyForm(attributes: readonly string[]) {
  const heads = attributes.map((name, nth) => `${name} (product.metafields.custom.attribute_${nth + 1})`)
  return {
    head: rowOf([...COLUMNS, ...heads], ','),
    foot: '',
    product: (product: ExportedProduct): string =>
      rowsOf(product)
        .map((cells, at) => {
          const values = at > 0 ? [] : attributes.map((name) => valuesOf(product, name))
          return rowOf([...COLUMNS.map((column) => cells[column] ?? ''), ...values], ',')
        })
        .join(''),
  }
}

/** Several values of one attribute are a list as Shopify writes it. */
function valuesOf({ attributes }: ExportedProduct, name: string): string {
  return attributes.flatMap((one) => (one.name === name ? [one.value] : [])).join('; ')
}

/** The first row describes the product; each may bring a variant, a picture or both. */
function rowsOf(product: ExportedProduct): readonly Cells[] {
  const rows = Math.max(product.variants.length, product.images.length)
  return Array.from({ length: rows }, (_, at) => {
    const [variant, image] = [product.variants[at], product.images[at]]
    return {
      Handle: product.handle,
      ...(at === 0 ? headOf(product) : {}),
      ...(variant === undefined ? {} : variantOf(variant, product.currency)),
      ...(image === undefined
        ? {}
        : { 'Image Src': image.url, 'Image Position': String(at + 1), 'Image Alt Text': image.alt ?? '' }),
    }
  })
}

function headOf(product: ExportedProduct): Cells {
  const [first = '', second = '', third = ''] = product.options
  return {
    Title: product.title,
    'Body (HTML)': product.bodyHtml,
    Vendor: product.vendor ?? '',
    'Product Category': product.category.join(' > '),
    Type: product.type ?? '',
    Tags: product.tags.join(', '),
    Published: String(product.published),
    Status: 'active',
    'Option1 Name': first,
    'Option2 Name': second,
    'Option3 Name': third,
  }
}

function variantOf(variant: ExportedVariant, currency: string): Cells {
  const [first = '', second = '', third = ''] = variant.optionValues
  return {
    'Option1 Value': first,
    'Option2 Value': second,
    'Option3 Value': third,
    'Variant SKU': kept(variant.sku),
    'Variant Grams': String(variant.grams ?? ''),
    'Variant Inventory Qty': String(variant.quantity ?? ''),
    'Variant Inventory Policy': variant.policy.toLowerCase(),
    'Variant Price': amountOf(variant.priceMinor, currency),
    'Variant Compare At Price': variant.compareAtMinor === null ? '' : amountOf(variant.compareAtMinor, currency),
    'Variant Requires Shipping': String(variant.requiresShipping),
    'Variant Taxable': String(variant.taxable),
    'Variant Barcode': kept(variant.barcode),
    'Variant Image': variant.image ?? '',
  }
}

/** An apostrophe keeps a spreadsheet from taking a code for a number, and is taken off again when it is read. */
function kept(code: string | null): string {
  return code === null ? '' : `'${code}`
}

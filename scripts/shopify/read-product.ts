import { amount, code, oneOf, optional, tried, whole, yesOrNo, type Wrong } from './read-cells.js'
import type { ProductRow } from './read-rows.js'

/** A product as the mutation `importProducts` takes it. */
export interface ProductInput {
  readonly handle: string
  readonly title: string
  readonly bodyHtml: string
  readonly vendor: string | null
  readonly type: string | null
  readonly tags: readonly string[]
  readonly published: boolean
  readonly category: readonly string[]
  readonly attributes: readonly { readonly name: string; readonly value: string }[]
  readonly options: readonly string[]
  readonly images: readonly { readonly url: string; readonly alt: string | null }[]
  readonly variants: readonly VariantInput[]
}

export interface VariantInput {
  readonly sku: string | null
  readonly optionValues: readonly string[]
  readonly priceMinor: number
  readonly compareAtMinor: number | null
  readonly quantity: number | null
  readonly policy: 'DENY' | 'CONTINUE'
  readonly barcode: string | null
  readonly grams: number | null
  readonly image: string | null
  readonly requiresShipping: boolean
  readonly taxable: boolean
}

/** A product with the lines of its variants, or all that is wrong with its rows. */
export type ProductReading =
  | {
      readonly handle: string
      readonly line: number
      readonly product: ProductInput
      readonly variantLines: readonly number[]
    }
  | { readonly handle: string; readonly line: number; readonly product: null; readonly wrong: readonly Wrong[] }

/** The rows of one handle -> one product, whole or not at all. The first row describes it; each row may bring a variant, a picture or both. */
export function readProduct(rows: readonly [ProductRow, ...ProductRow[]], digits: number): ProductReading {
  const [first] = rows
  const handle = first.cell('Handle')
  const wrong: Wrong[] = []
  if (handle === '') wrong.push({ line: first.line, code: 'BAD_USER_INPUT', reason: 'Handle is empty' })
  if (first.cell('Title') === '')
    wrong.push({ line: first.line, code: 'BAD_USER_INPUT', reason: 'Title is empty in the first row of its handle' })
  const head = tried(wrong, first, () => readHead(first))
  const options = optionNames(first)
  const itsRows = rows.filter((row) => row === first || bringsVariant(row))
  const variants = itsRows.flatMap((row) => tried(wrong, row, () => readVariant(row, options.length, digits)) ?? [])
  const images = tried(wrong, first, () => readImages(rows)) ?? []
  if (head === null || wrong.length > 0) return { handle, line: first.line, product: null, wrong }
  const product = { ...head, options, images, variants }
  return { handle, line: first.line, product, variantLines: itsRows.map(({ line }) => line) }
}

function readHead(row: ProductRow): Omit<ProductInput, 'options' | 'images' | 'variants'> {
  const active = (oneOf(row, 'Status', ['active', 'draft', 'archived']) ?? 'active') === 'active'
  const tags = row
    .cell('Tags')
    .split(',')
    .map((tag) => tag.trim())
  return {
    handle: row.cell('Handle'),
    title: row.cell('Title'),
    bodyHtml: row.cell('Body (HTML)'),
    vendor: optional(row, 'Vendor'),
    type: optional(row, 'Type'),
    tags: [...new Set(tags)].filter((tag) => tag !== ''),
    published: yesOrNo(row, 'Published', true) && active,
    category: namesIn(row.cell('Product Category') || categoryOf(row), '>'),
    attributes: row.attributes.flatMap(({ name, cell }) => namesIn(cell, '; ').map((value) => ({ name, value }))),
  }
}

/** The older column for the same; there it may be a number of Google's list, which says nothing here. */
function categoryOf(row: ProductRow): string {
  const named = row.cell('Google Shopping / Google Product Category')
  return /^\d+$/.test(named) ? '' : named
}

function namesIn(cell: string, mark: string): readonly string[] {
  return cell
    .split(mark)
    .map((name) => name.trim())
    .filter((name) => name !== '')
}

function optionNames(row: ProductRow): readonly string[] {
  const names = [row.cell('Option1 Name'), row.cell('Option2 Name'), row.cell('Option3 Name')]
  return names.filter((name) => name !== '')
}

function bringsVariant(row: ProductRow): boolean {
  return row.cell('Variant Price') !== '' || row.cell('Variant SKU') !== '' || row.cell('Option1 Value') !== ''
}

function readVariant(row: ProductRow, options: number, digits: number): VariantInput {
  const values = [row.cell('Option1 Value'), row.cell('Option2 Value'), row.cell('Option3 Value')]
  const compareAt = optional(row, 'Variant Compare At Price')
  const compareAtMinor = compareAt === null ? 0 : amount(row, 'Variant Compare At Price', digits)
  return {
    sku: code(row, 'Variant SKU'),
    optionValues: values.slice(0, options),
    priceMinor: amount(row, 'Variant Price', digits),
    compareAtMinor: compareAtMinor === 0 ? null : compareAtMinor, // a shop that compares with nothing may write 0.00
    quantity: whole(row, 'Variant Inventory Qty'),
    policy: oneOf(row, 'Variant Inventory Policy', ['deny', 'continue']) === 'continue' ? 'CONTINUE' : 'DENY',
    barcode: code(row, 'Variant Barcode'),
    grams: whole(row, 'Variant Grams'),
    image: optional(row, 'Variant Image'),
    requiresShipping: yesOrNo(row, 'Variant Requires Shipping', true),
    taxable: yesOrNo(row, 'Variant Taxable', true),
  }
}

/** In the order of their positions; a picture without one keeps the place of its row. */
function readImages(rows: readonly ProductRow[]): ProductInput['images'] {
  const found = rows.flatMap((row) => {
    const url = row.cell('Image Src')
    return url === ''
      ? []
      : [{ url, alt: optional(row, 'Image Alt Text'), position: whole(row, 'Image Position') ?? Infinity }]
  })
  const sorted = found.sort((a, b) => (a.position === b.position ? 0 : a.position - b.position))
  const byUrl = new Map(sorted.map(({ url, alt }) => [url, { url, alt }]))
  return [...byUrl.values()]
}

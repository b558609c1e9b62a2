import { createReadStream } from 'node:fs'
import { CsvError, parse } from 'csv-parse'
import { Failure } from '../../platform/failure.js'

/** A row of Shopify's product CSV: its cells by the name of the column, and the line of the file that it begins on. */
export interface ProductRow {
  readonly line: number
  cell(column: Column): string
  /** Its metafields: what Shopify calls properties of a product. */
  readonly attributes: readonly { readonly name: string; readonly cell: string }[]
}

/** The columns that we read; the first three must be there. */
const COLUMNS = [
  'Handle',
  'Title',
  'Variant Price',
  'Body (HTML)',
  'Vendor',
  'Product Category',
  'Google Shopping / Google Product Category',
  'Type',
  'Tags',
  'Published',
  'Status',
  'Option1 Name',
  'Option1 Value',
  'Option2 Name',
  'Option2 Value',
  'Option3 Name',
  'Option3 Value',
  'Variant SKU',
  'Variant Grams',
  'Variant Inventory Qty',
  'Variant Inventory Policy',
  'Variant Compare At Price',
  'Variant Requires Shipping',
  'Variant Taxable',
  'Variant Barcode',
  'Variant Image',
  'Image Src',
  'Image Position',
  'Image Alt Text',
] as const
export type Column = (typeof COLUMNS)[number]

/** What the parser gives for each record, with the text that it was read from. */
interface Parsed {
  readonly record: readonly string[]
  readonly raw: string
}

const MOST_RECORD_CHARACTERS = 2_000_000

/** bytes -> records -> rows with their lines. A file that is no product CSV is a `Failure`; an empty line is passed over. */
export async function* readRows(file: string): AsyncGenerator<ProductRow> {
  const bytes = createReadStream(file)
  const parser = parse({
    bom: true,
    info: true,
    raw: true,
    relax_column_count: true,
    max_record_size: MOST_RECORD_CHARACTERS,
  })
  bytes.on('error', (error) => parser.destroy(error))
  let line = 1
  let header: Header | null = null
  try {
    for await (const { record, raw } of bytes.pipe(parser) as AsyncIterable<Parsed>) {
      // the form that `info` and `raw` ask for
      if (header === null) header = readHeader(record)
      else if (record.some((cell) => cell !== '')) yield rowOf(record, line, header)
      line += linesIn(raw)
    }
  } catch (cause) {
    throw told(cause, line)
  } finally {
    bytes.destroy()
  }
  if (header === null) throw notShopify('the file is empty')
}

interface Header {
  readonly width: number
  readonly places: ReadonlyMap<string, number>
  readonly attributes: readonly { readonly name: string; readonly at: number }[]
}

const METAFIELD = /^(.+) \(product\.metafields\.[^()]+\)$/

function readHeader(record: readonly string[]): Header {
  const places = new Map(record.map((name, at) => [name.trim(), at]))
  const missing = COLUMNS.slice(0, 3).filter((column) => !places.has(column))
  if (missing.length > 0) throw notShopify(`its first line has no column ${missing.join(', ')}`)
  const attributes = record.flatMap((head, at) => {
    const name = METAFIELD.exec(head.trim())?.[1]
    return name === undefined ? [] : [{ name, at }]
  })
  return { width: record.length, places, attributes }
}

function rowOf(record: readonly string[], line: number, { width, places, attributes }: Header): ProductRow {
  if (record.length > width)
    throw new Failure(
      'BAD_USER_INPUT',
      `line ${line} has ${record.length} cells where the first line has ${width}; is a quote missing?`,
    )
  return {
    line,
    cell: (column) => record[places.get(column) ?? -1]?.trim() ?? '',
    attributes: attributes.map(({ name, at }) => ({ name, cell: record[at]?.trim() ?? '' })),
  }
}

function linesIn(raw: string): number {
  return raw.match(/\r\n|\r|\n/g)?.length ?? 1
}

function notShopify(why: string): Failure {
  return new Failure('BAD_USER_INPUT', `this is not a product CSV as Shopify exports it: ${why}`)
}

function told(cause: unknown, line: number): unknown {
  if (cause instanceof CsvError)
    return new Failure('BAD_USER_INPUT', `the CSV breaks off from line ${line} on: ${cause.message}`, { cause })
  if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')
    return new Failure('BAD_USER_INPUT', 'there is no such file', { cause })
  return cause
}

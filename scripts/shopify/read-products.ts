import { minorDigits } from './read-cells.js'
import { readProduct, type ProductReading } from './read-product.js'
import { readRows, type ProductRow } from './read-rows.js'

/** A look through the whole file before anything is sent: how long it is, and which handles stand in more than one place. */
export interface Survey {
  readonly rows: number
  /** The line where each such handle comes again. */
  readonly scattered: ReadonlyMap<string, number>
}

/** Reads the file once through. A product is sent when its rows end, so rows of it that come later would change it by halves. */
export async function survey(file: string): Promise<Survey> {
  const seen = new Set<string>()
  const scattered = new Map<string, number>()
  let rows = 0
  let last: string | null = null
  for await (const row of readRows(file)) {
    rows++
    const handle = row.cell('Handle')
    if (handle !== last && handle !== '') {
      if (seen.has(handle) && !scattered.has(handle)) scattered.set(handle, row.line)
      seen.add(handle)
    }
    last = handle
  }
  return { rows, scattered }
}

/** A product and how many rows it was made of. */
export interface Gathered {
  readonly reading: ProductReading
  readonly rows: number
}

/** rows -> the rows of one handle -> product. */
export async function* readProducts(file: string, currency: string, { scattered }: Survey): AsyncGenerator<Gathered> {
  const digits = minorDigits(currency)
  for await (const rows of gathered(readRows(file))) {
    const reading = readProduct(rows, digits)
    const again = scattered.get(reading.handle)
    yield { reading: again === undefined ? reading : refused(reading, again), rows: rows.length }
  }
}

type Rows = [ProductRow, ...ProductRow[]]

async function* gathered(rows: AsyncIterable<ProductRow>): AsyncGenerator<Rows> {
  let together: Rows | null = null
  for await (const row of rows) {
    if (together !== null && together[0].cell('Handle') === row.cell('Handle') && row.cell('Handle') !== '')
      together.push(row)
    else {
      if (together !== null) yield together
      together = [row]
    }
  }
  if (together !== null) yield together
}

function refused({ handle, line }: ProductReading, again: number): ProductReading {
  const reason = `the rows of ${JSON.stringify(handle)} must stand together; line ${again} begins them anew`
  return { handle, line, product: null, wrong: [{ line, reason }] }
}

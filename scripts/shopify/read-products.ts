import { minorDigits } from './read-cells.js'
import { readProduct, type ProductReading } from './read-product.js'
import { readRows } from './read-rows.js'

/** A look through the whole file before anything is sent: how long it is, and which handles stand in more than one place. */
export interface Survey {
  readonly rows: number
  /** The line where each such handle comes again. */
  readonly scattered: ReadonlyMap<string, number>
}

/** Reads the file once through. A product is sent when its rows end, so rows of it that come later would change it by halves. */
export function survey(file: string): Promise<Survey> {
  return surveyOf(readRows(file), (row) => row.cell('Handle'))
}

/** The same for rows of any form: `handleOf` says which product a row is of. */
export async function surveyOf<Row extends { readonly line: number }>(
  all: AsyncIterable<Row>,
  handleOf: (row: Row) => string,
): Promise<Survey> {
  const seen = new Set<string>()
  const scattered = new Map<string, number>()
  let rows = 0
  let last: string | null = null
  for await (const row of all) {
    rows++
    const handle = handleOf(row)
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
export function readProducts(file: string, currency: string, found: Survey): AsyncGenerator<Gathered> {
  const digits = minorDigits(currency)
  return productsOf(readRows(file), found, {
    handleOf: (row) => row.cell('Handle'),
    read: (rows) => readProduct(rows, digits),
  })
}

/** A product of whole rows; never none. */
type Rows<Row> = [Row, ...Row[]]

/** The same for rows of any form. A product whose rows do not stand together is refused. */
export async function* productsOf<Row>(
  all: AsyncIterable<Row>,
  { scattered }: Survey,
  form: { readonly handleOf: (row: Row) => string; readonly read: (rows: Rows<Row>) => ProductReading },
): AsyncGenerator<Gathered> {
  for await (const rows of gathered(all, form.handleOf)) {
    const reading = form.read(rows)
    const again = scattered.get(reading.handle)
    yield { reading: again === undefined ? reading : refused(reading, again), rows: rows.length }
  }
}

async function* gathered<Row>(rows: AsyncIterable<Row>, handleOf: (row: Row) => string): AsyncGenerator<Rows<Row>> {
  let together: Rows<Row> | null = null
  for await (const row of rows) {
    if (together !== null && handleOf(together[0]) === handleOf(row) && handleOf(row) !== '') together.push(row)
    else {
      if (together !== null) yield together
      together = [row]
    }
  }
  if (together !== null) yield together
}

function refused({ handle, line }: ProductReading, again: number): ProductReading {
  const reason = `the rows of ${JSON.stringify(handle)} must stand together; line ${again} begins them anew`
  return { handle, line, product: null, wrong: [{ line, code: 'BAD_USER_INPUT', reason }] }
}

import { createReadStream } from 'node:fs'
import { CsvError, parse } from 'csv-parse'
import { SaxesParser } from 'saxes'
import { Failure } from '../../platform/failure.js'
import { splitList } from './cells.js'

/** A detail of an item: `product_detail` with its three parts. */
export interface Detail {
  readonly section: string
  readonly name: string
  readonly value: string
}

/** One item of Google's product feed, which is one variant: its attributes by their names without `g:`, and the line that it begins on. */
export interface Item {
  readonly line: number
  /** The first value, trimmed; empty when there is none. */
  one(name: string): string
  all(name: string): readonly string[]
  readonly details: readonly Detail[]
}

const MOST_RECORD_CHARACTERS = 2_000_000
const MOST_VALUES = 2_000
const REPEATED: ReadonlySet<string> = new Set(['additional_image_link', 'product_type'])

/** The items of a TSV. A file that is none is a `Failure`; an empty line is passed over. */
export async function* readTsv(file: string): AsyncGenerator<Item> {
  const bytes = createReadStream(file)
  const parser = parse({
    ...{ bom: true, info: true, raw: true, delimiter: '\t', relax_quotes: true, relax_column_count: true },
    max_record_size: MOST_RECORD_CHARACTERS,
  })
  bytes.on('error', (error) => parser.destroy(error))
  let line = 1
  let header: readonly string[] | null = null
  try {
    // the form that `info` and `raw` ask for
    for await (const { record, raw } of bytes.pipe(parser) as AsyncIterable<{
      record: readonly string[]
      raw: string
    }>) {
      if (header === null) header = readHeader(record)
      else if (record.some((cell) => cell !== '')) yield itemOfRecord(record, { line, header })
      line += raw.match(/\r\n|\r|\n/g)?.length ?? 1
    }
  } catch (cause) {
    throw told(cause, line)
  } finally {
    bytes.destroy()
  }
  if (header === null) throw notGoogle('the file is empty')
}

function readHeader(record: readonly string[]): readonly string[] {
  const names = record.map((name) => name.trim().toLowerCase().replace(/^g:/, '').replaceAll(' ', '_'))
  const missing = ['id', 'title', 'price'].filter((name) => !names.includes(name))
  if (missing.length > 0) throw notGoogle(`its first line has no column ${missing.join(', ')}`)
  return names
}

function itemOfRecord(
  record: readonly string[],
  { line, header }: { readonly line: number; readonly header: readonly string[] },
): Item {
  if (record.length > header.length)
    throw new Failure(
      'BAD_USER_INPUT',
      `line ${line} has ${record.length} cells where the first line has ${header.length}`,
    )
  const values = new Map<string, string[]>()
  for (const [at, name] of header.entries()) {
    const cell = record[at]?.trim() ?? ''
    if (cell === '') continue
    const found = REPEATED.has(name) || name === 'product_detail' ? splitList(cell) : [cell]
    values.set(name, [...(values.get(name) ?? []), ...found])
  }
  return item(line, values, (values.get('product_detail') ?? []).map(detailOfText))
}

/** `section:name:value`; a colon or a backslash inside of a part has a backslash before it. */
function detailOfText(text: string): Detail {
  const parts: string[] = ['']
  for (const [piece] of text.matchAll(/\\[\\:]|[^]/g)) {
    if (piece === ':' && parts.length < 3) parts.push('')
    else parts.push(`${parts.pop() ?? ''}${piece.length > 1 ? piece.slice(1) : piece}`)
  }
  const [section = '', name = '', value] = parts.map((part) => part.trim())
  return value === undefined ? { section: '', name: section, value: name } : { section, name, value }
}

/** The items of RSS 2.0 with Google's namespace. No entity but XML's own five is known, and a DOCTYPE is refused: nothing can grow. */
export async function* readXml(file: string): AsyncGenerator<Item> {
  const parser = new SaxesParser()
  const items: Item[] = []
  const reading = itemsInto(parser, items)
  const characters = createReadStream(file, { encoding: 'utf8' })
  try {
    for await (const chunk of characters) {
      parser.write(String(chunk))
      yield* items.splice(0)
    }
    parser.close()
  } catch (cause) {
    throw told(cause, parser.line)
  } finally {
    characters.destroy()
  }
  if (!reading.isFeed()) throw notGoogle('it has no channel')
  yield* items.splice(0)
}

function itemsInto(parser: SaxesParser, items: Item[]): { isFeed(): boolean } {
  const path: string[] = []
  let open: {
    readonly line: number
    readonly values: Map<string, string[]>
    readonly details: Detail[]
    size: number
  } | null = null
  let detail: Record<'section_name' | 'attribute_name' | 'attribute_value', string> | null = null
  let text = ''
  let isFeed = false
  const fail = (why: string): never => {
    throw new Failure('BAD_USER_INPUT', `the XML breaks off at line ${parser.line}: ${why}`)
  }
  parser.on('error', (error) => fail(error.message))
  parser.on('doctype', () => fail('a DOCTYPE is not taken'))
  parser.on('opentag', ({ name }) => {
    const own = localName(name)
    path.push(own)
    if (path.length > 20) fail('it is nested too deeply')
    if (own === 'channel' || own === 'feed') isFeed = true
    if ((own === 'item' || own === 'entry') && open === null)
      open = { line: parser.line, values: new Map(), details: [], size: 0 }
    if (own === 'product_detail' && open !== null)
      detail = { section_name: '', attribute_name: '', attribute_value: '' }
    text = ''
  })
  const more = (piece: string): void => {
    if (open === null) return
    open.size += piece.length
    if (open.size > MOST_RECORD_CHARACTERS) fail('an item is too large')
    text += piece
  }
  parser.on('text', more)
  parser.on('cdata', more)
  parser.on('closetag', ({ name }) => {
    const own = localName(name)
    path.pop()
    const value = text.trim()
    text = ''
    if (open === null) return
    if (own === 'item' || own === 'entry') {
      items.push(item(open.line, open.values, open.details))
      open = null
    } else if (detail !== null) {
      if (own === 'product_detail') {
        open.details.push({ section: detail.section_name, name: detail.attribute_name, value: detail.attribute_value })
        detail = null
      } else if (own === 'section_name' || own === 'attribute_name' || own === 'attribute_value') detail[own] = value
    } else if (isField(path) && value !== '') {
      const values = open.values.get(own) ?? []
      if (values.push(value) > MOST_VALUES) fail(`an item has too many ${own}`)
      open.values.set(own, values)
    }
  })
  return { isFeed: () => isFeed }
}

function localName(name: string): string {
  return name.replace(/^g:/, '').toLowerCase()
}

/** Right below an item: what is nested deeper is a part of something that we do not read. */
function isField(above: readonly string[]): boolean {
  const last = above.at(-1)
  return last === 'item' || last === 'entry'
}

function item(line: number, values: ReadonlyMap<string, readonly string[]>, details: readonly Detail[]): Item {
  return { line, details, one: (name) => values.get(name)?.[0] ?? '', all: (name) => values.get(name) ?? [] }
}

function notGoogle(why: string): Failure {
  return new Failure('BAD_USER_INPUT', `this is not a product feed of Google's form: ${why}`)
}

function told(cause: unknown, line: number): unknown {
  if (cause instanceof CsvError)
    return new Failure('BAD_USER_INPUT', `the TSV breaks off from line ${line} on: ${cause.message}`, { cause })
  if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')
    return new Failure('BAD_USER_INPUT', 'there is no such file', { cause })
  return cause
}

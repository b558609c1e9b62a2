import type { Ask } from '../../schema/ask.js'
import type { Gathered } from '../shopify/read-products.js'
import type { Wrong } from '../shopify/read-cells.js'
import { feedFormOf } from './feed-form.js'
import { sendBatch, type Consignment, type Outcome, type Readable } from './send-batch.js'

/** What an import came to. */
export interface ImportReport {
  readonly counts: Readonly<Record<Outcome, number>>
  readonly wrong: readonly Wrong[]
}

/** How an import is told of: how many rows there are, and each time that some are done. */
export interface ImportWatcher {
  begin(rows: number): void
  add(rows: number): void
}

/** The shop takes 200 products and a body of 1 MiB at once. */
const MOST_PRODUCTS = 200
const MOST_CHARACTERS = 250_000
const MOST_IN_FLIGHT = 2

/**
 * survey -> products -> batches -> the shop, two batches under way, so that it need not wait for us. A file that breaks off in the
 * middle is found by the survey, before anything is sent.
 */
export async function importFile(
  file: string,
  {
    ask,
    consignment,
    watcher,
  }: { readonly ask: Ask; readonly consignment: Consignment; readonly watcher: ImportWatcher },
): Promise<ImportReport> {
  const form = feedFormOf(file)
  const found = await form.survey(file)
  watcher.begin(found.rows)
  const counts = { CREATED: 0, UPDATED: 0, UNCHANGED: 0, REFUSED: 0 }
  const wrong: Wrong[] = []

  async function send({ readable, rows }: Batch): Promise<void> {
    const verdicts = await sendBatch(ask, consignment, readable)
    for (const verdict of verdicts) {
      counts[verdict.outcome]++
      wrong.push(...verdict.wrong)
    }
    watcher.add(rows)
  }

  function refuse(reasons: readonly Wrong[], rows: number): void {
    counts.REFUSED++
    wrong.push(...reasons)
    watcher.add(rows)
  }

  await eachInFlight(batches(form.products(file, consignment.currency, found), refuse), send)
  return { counts, wrong: wrong.sort((a, b) => a.line - b.line) }
}

interface Batch {
  readonly readable: readonly Readable[]
  readonly rows: number
}

/** Full batches of what could be read; what could not is refused on the way. */
async function* batches(
  products: AsyncIterable<Gathered>,
  refuse: (reasons: readonly Wrong[], rows: number) => void,
): AsyncGenerator<Batch> {
  let batch = { readable: [] as Readable[], rows: 0, characters: 0 }
  for await (const { reading, rows } of products) {
    if (reading.product === null) {
      refuse(reading.wrong, rows)
      continue
    }
    const characters = JSON.stringify(reading.product).length
    if (
      batch.readable.length === MOST_PRODUCTS ||
      (batch.rows > 0 && batch.characters + characters > MOST_CHARACTERS)
    ) {
      yield batch
      batch = { readable: [], rows: 0, characters: 0 }
    }
    batch.readable.push(reading)
    batch.rows += rows
    batch.characters += characters
  }
  if (batch.rows > 0) yield batch
}

/** Does each, a few at once; the first failure ends it, when those under way have ended. */
async function eachInFlight<T>(items: AsyncIterable<T>, run: (item: T) => Promise<void>): Promise<void> {
  const flying = new Set<Promise<void>>()
  try {
    for await (const item of items) {
      const flight = run(item).finally(() => flying.delete(flight))
      flying.add(flight)
      if (flying.size >= MOST_IN_FLIGHT) await Promise.race(flying)
    }
    await Promise.all(flying)
  } finally {
    await Promise.allSettled(flying)
  }
}

import { fields, list, maybe, oneOf, text } from '../../platform/decode.js'
import { Failure } from '../../platform/failure.js'
import type { Ask } from '../../schema/ask.js'
import type { ProductReading } from '../shopify/read-product.js'
import type { Wrong } from '../shopify/read-cells.js'

/** What the file does not say. */
export interface Consignment {
  readonly seller: string
  readonly selfOperated: boolean
  readonly currency: string
}

/** A product that could be read from the file. */
export type Readable = Extract<ProductReading, { readonly variantLines: readonly number[] }>

export const OUTCOMES = ['CREATED', 'UPDATED', 'UNCHANGED', 'REFUSED'] as const
export type Outcome = (typeof OUTCOMES)[number]

/** What became of one product, and which lines were at fault. */
export interface Verdict {
  readonly outcome: Outcome
  readonly wrong: readonly Wrong[]
}

const MUTATION = `mutation ImportBatch($input: ImportProductsInput!) {
  importProducts(input: $input) {
    results { outcome errors { code message field } }
    errors { code message }
  }
}`

/** Sends one batch through the public mutation; an answer that refuses the whole batch is a `Failure`. */
export async function sendBatch(
  ask: Ask,
  consignment: Consignment,
  batch: readonly Readable[],
): Promise<readonly Verdict[]> {
  const input = { ...consignment, products: batch.map(({ product }) => product) }
  const { data, errors } = await ask({ query: MUTATION, operationName: 'ImportBatch', variables: { input } })
  const [error] = errors
  if (error !== undefined) throw new Failure(error.code, error.message)
  const payload = fields(fields(data, 'data')['importProducts'], 'importProducts')
  const [refusal] = list(payload['errors'], 'errors', fields)
  if (refusal !== undefined) throw new Failure(text(refusal['code'], 'code'), text(refusal['message'], 'message'))
  const results = list(payload['results'], 'results', fields)
  return batch.map((reading, at) => verdict(reading, results[at]))
}

function verdict(reading: Readable, result: unknown): Verdict {
  const it = fields(result, 'result')
  return {
    outcome: oneOf(it['outcome'], 'outcome', OUTCOMES),
    wrong: list(it['errors'], 'errors', (error, place) => {
      const { code, message, field } = fields(error, place)
      const reason = text(message, `${place}.message`)
      const line = lineOf(reading, maybe(field, `${place}.field`, text) ?? '')
      return { line, code: text(code, `${place}.code`), reason: withoutPlace(reason) }
    }),
  }
}

/** `products[3].variants[1].sku` is the line of the second variant; any other place is the product's first line. */
function lineOf({ line, variantLines }: Readable, place: string): number {
  const variant = /\bvariants\[(\d+)\]/.exec(place)?.[1]
  return variant === undefined ? line : (variantLines[Number(variant)] ?? line)
}

/** The place in the batch says nothing to who looks at the file. */
function withoutPlace(reason: string): string {
  return reason.replace(/\bproducts\[\d+\]\.?(variants\[\d+\]\.?)?/, '')
}

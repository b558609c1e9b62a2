import type { FedProduct } from './product-feed.js'

/** What is indexed of a product, in the order of how much it weighs: PostgreSQL's weights A to D. */
export interface Described {
  readonly title: string
  readonly vendor: string | null
  readonly productType: string | null
  readonly tags: readonly string[]
  readonly category: readonly string[]
  readonly attributes: readonly Attribute[]
  readonly description: string
}

/** A property of a product: what a list may be narrowed by. */
export interface Attribute {
  readonly name: string
  readonly value: string
}

/** What the database makes a `tsvector` of: words that it stems, and pairs of letters that it takes as they are. */
export interface IndexedWords {
  readonly a: string
  readonly b: string
  readonly c: string
  readonly d: string
  /** A tsvector as text. */
  readonly pairs: string
}

/** What the database makes a `tsquery` of; each part may be empty, and all must match. */
export interface SearchQuery {
  /** Words to be stemmed, joined by `&`. */
  readonly words: string
  /** The last word, which may still be in the middle of being typed. */
  readonly last: string
  /** Words that begin like the last one: a tsquery as text. */
  readonly beginning: string
  /** Pairs of letters: a tsquery as text. */
  readonly pairs: string
  /** The same words and pairs joined by `|`, which is what a product is weighed by. */
  readonly anyWord: string
  readonly anyPair: string
}

/** Scripts written without spaces between words: a database takes a whole run of them for one word. */
const RUN = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3005\u30fc]+/gu
const WORD = /[\p{L}\p{N}\p{M}]+/gu

const MOST_PAIRS = 1000
const MOST_DESCRIPTION = 500
/** A longer run is looked for in pieces of this many letters. */
const PIECE = 8

/** Of every run of Chinese, Japanese or Korean the pairs of neighbours and the last letter; of everything else its words. */
export function indexedWords(product: Described): IndexedWords {
  const fields = {
    a: product.title,
    b: [product.vendor ?? '', product.productType ?? '', ...product.tags].join(' '),
    c: [...product.category, ...product.attributes.map(({ value }) => value)].join(' '),
    d: plainText(product.description).slice(0, MOST_DESCRIPTION),
  }
  const pairs = (['a', 'b', 'c', 'd'] as const).flatMap((weight) =>
    runsOf(fields[weight])
      .flatMap(pairsOf)
      .map((pair) => ({ pair, weight })),
  )
  return {
    a: wordsOf(fields.a).join(' '),
    b: wordsOf(fields.b).join(' '),
    c: wordsOf(fields.c).join(' '),
    d: wordsOf(fields.d).join(' '),
    pairs: pairs
      .slice(0, MOST_PAIRS)
      .map(({ pair, weight }, at) => `'${pair}':${at + 1}${weight.toUpperCase()}`)
      .join(' '),
  }
}

/** Reads what somebody typed. Every word must be found; of a run of four letters and more, one pair of each piece may be missing. */
export function searchQuery(typed: string): SearchQuery {
  const words = wordsOf(typed)
  const last = /[\p{L}\p{N}\p{M}]$/u.test(folded(typed).replace(RUN, ' ')) ? (words.pop() ?? '') : ''
  const asked = runsOf(typed).flatMap(pieces)
  return {
    words: words.map(quoted).join(' & '),
    last: last === '' ? '' : quoted(last),
    beginning: last.length < 2 ? '' : `'${last}':*`,
    pairs: asked.map(condition).join(' & '),
    anyWord: words.map(quoted).join(' | '),
    anyPair: [...new Set(asked.flatMap(terms))].join(' | '),
  }
}

/** A name in the one form in which two ways to write it are the same. */
export function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase().trim().replace(/\s+/g, ' ')
}

/** All that a list can be narrowed by: the attributes of a product, and what can be chosen about it. */
export function facetsOf({ attributes, options }: Pick<FedProduct, 'attributes' | 'options'>): readonly Attribute[] {
  const chosen = options
    .filter(({ name, values }) => name !== 'Title' || values[0] !== 'Default Title')
    .flatMap(({ name, values }) => values.map((value) => ({ name, value })))
  const all = [...attributes, ...chosen]
  return [...new Map(all.map((one) => [JSON.stringify([one.name, one.value]), one])).values()]
}

function wordsOf(text: string): string[] {
  return folded(text).replace(RUN, ' ').match(WORD) ?? []
}

function runsOf(text: string): readonly string[] {
  return folded(text).match(RUN) ?? []
}

/** The last letter stands alone too, so that a single letter is found as the beginning of something wherever it stands. */
function pairsOf(run: string): readonly string[] {
  const letters = Array.from(run)
  return letters.map((letter, at) => `${letter}${letters[at + 1] ?? ''}`)
}

function pieces(run: string): readonly string[] {
  const letters = Array.from(run)
  if (letters.length <= PIECE) return [run]
  const found: string[] = []
  for (let at = 0; at < letters.length - 1; at += PIECE - 1) found.push(letters.slice(at, at + PIECE).join(''))
  return found
}

/** Of any two pairs at least one: all but one must be there. */
function condition(piece: string): string {
  const pairs = terms(piece)
  if (pairs.length < 3) return pairs.join(' & ')
  return pairs.flatMap((pair, at) => pairs.slice(at + 1).map((other) => `(${pair} | ${other})`)).join(' & ')
}

/** A single letter is the beginning of whatever pair it stands in. */
function terms(piece: string): readonly string[] {
  const pairs = pairsOf(piece).slice(0, -1)
  return pairs.length === 0 ? [`'${piece}':*`] : pairs.map(quoted)
}

function quoted(term: string): string {
  return `'${term}'`
}

function plainText(html: string): string {
  return html.replace(/<[^>]*>/g, ' ').replace(/&[a-z0-9#]+;/gi, ' ')
}

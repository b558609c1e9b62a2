import { extname } from 'node:path'
import { handleOf, readProduct } from '../google/read-product.js'
import { readTsv, readXml, type Item } from '../google/read-items.js'
import { minorDigits } from '../shopify/read-cells.js'
import { productsOf, readProducts, survey, surveyOf, type Gathered, type Survey } from '../shopify/read-products.js'

/** A form in which sellers hand over their products: looked through once, then read product by product, never whole. */
export interface FeedForm {
  survey(file: string): Promise<Survey>
  products(file: string, currency: string, found: Survey): AsyncIterable<Gathered>
}

/** Shopify's CSV, or Google's feed as a TSV or as RSS, told by the file's ending. */
export function feedFormOf(file: string): FeedForm {
  switch (extname(file).toLowerCase()) {
    case '.tsv':
    case '.txt':
      return google(readTsv)
    case '.xml':
      return google(readXml)
    default:
      return { survey, products: readProducts }
  }
}

function google(items: (file: string) => AsyncIterable<Item>): FeedForm {
  return {
    survey: (file) => surveyOf(items(file), handleOf),
    products: (file, currency, found) => {
      const money = { currency, digits: minorDigits(currency) }
      return productsOf(items(file), found, { handleOf, read: (rows) => readProduct(rows, money) })
    },
  }
}

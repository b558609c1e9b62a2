import { open, rename, rm } from 'node:fs/promises'
import { extname } from 'node:path'
import type { Ask } from '../../schema/ask.js'
import { exported, type ExportedProduct } from './exported.js'
import { tsvForm, xmlForm } from './write-google.js'
import { shopifyForm } from './write-shopify.js'

/** How products are written: what stands before them, each of them, and what stands behind. */
export interface WriteForm {
  readonly head: string
  readonly foot: string
  product(product: ExportedProduct): string
}

/** What an export is told. */
export interface ExportOptions {
  readonly ask: Ask
  readonly seller: string
  readonly link: string
}

/** pages of the shop -> one file, which is there whole or not at all; gives how many products were read. */
export async function exportFile(file: string, options: ExportOptions): Promise<number> {
  const form = await formOf(file, options)
  const half = `${file}.part`
  const handle = await open(half, 'w')
  let count = 0
  try {
    await handle.writeFile(form.head)
    for await (const product of exported(options.ask, options.seller)) {
      await handle.writeFile(form.product(product))
      count++
    }
    await handle.writeFile(form.foot)
    await handle.close()
    await rename(half, file)
  } catch (cause) {
    await handle.close()
    await rm(half, { force: true })
    throw cause
  }
  return count
}

/** Shopify's first line names every attribute, so the products are read twice for it. */
async function formOf(file: string, { ask, seller, link }: ExportOptions): Promise<WriteForm> {
  switch (extname(file)) {
    case '.tsv':
      return tsvForm({ link })
    case '.xml':
      return xmlForm({ link })
    default: {
      const names = new Set<string>()
      for await (const { attributes } of exported(ask, seller)) for (const { name } of attributes) names.add(name)
      return shopifyForm([...names])
    }
  }
}

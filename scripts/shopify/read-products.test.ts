import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { projectRoot } from '../../platform/config/project-root.js'
import type { ProductReading } from './read-product.js'
import { readProducts, survey } from './read-products.js'

const HEADER =
  'Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price,Variant Inventory Qty,Image Src,Image Position'

async function readAll(file: string, currency = 'CNY'): Promise<readonly ProductReading[]> {
  const readings: ProductReading[] = []
  for await (const { reading } of readProducts(file, currency, await survey(file))) readings.push(reading)
  return readings
}

describe("Shopify's product CSV", () => {
  let dir = ''
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'daihuo-csv-'))
  })
  afterEach(() => rm(dir, { recursive: true, force: true }))

  const written = async (content: string): Promise<string> => {
    const file = join(dir, 'products.csv')
    await writeFile(file, content)
    return file
  }
  const reading = async (...lines: string[]): Promise<readonly ProductReading[]> =>
    readAll(await written([HEADER, ...lines].join('\n')))
  const wrongOf = async (...lines: string[]): Promise<readonly unknown[]> =>
    (await reading(...lines)).flatMap((one) => (one.product === null ? one.wrong : []))

  it('is read whole from our own sample', async () => {
    const readings = await readAll(join(projectRoot(), 'scripts/sample/products.csv'))
    expect(readings.filter(({ product }) => product === null)).toEqual([])
    expect(readings).toHaveLength(24)
    expect(readings[2]?.product).toMatchObject({
      handle: 'snow-ear-lipstick',
      tags: ['美妆', '口红', 'live'],
      options: ['色号'],
      images: [{ alt: '四色口红并排' }, { alt: null }, { alt: null }, { alt: null }],
      variants: [
        { sku: 'LIP-01', optionValues: ['#01 枫叶红'], priceMinor: 7900, compareAtMinor: 11900, quantity: 260 },
        { sku: 'LIP-03', barcode: '6901234500141' },
        { sku: 'LIP-07' },
        { sku: 'LIP-12', priceMinor: 8900, policy: 'DENY' },
      ],
    })
    expect(readings.at(-1)?.product).toMatchObject({ published: false, variants: [{ quantity: 0 }] })
  })

  it('makes one product of the rows of a handle, with variants that have no SKU', async () => {
    const [top] = await reading('top,Top,Size,S,,60,1,,', 'top,,,M,,60.5,,,', 'top,,,,,,,https://a.example/1.jpg,1')
    expect(top?.product).toMatchObject({
      options: ['Size'],
      images: [{ url: 'https://a.example/1.jpg', alt: null }],
      variants: [
        { sku: null, optionValues: ['S'], priceMinor: 6000, quantity: 1 },
        { sku: null, optionValues: ['M'], priceMinor: 6050, quantity: null },
      ],
    })
  })

  it('has pictures in the order of their positions, each once', async () => {
    const rows = ['a,A,,,,1,,https://p/2,2', 'a,,,,,,,https://p/1,1', 'a,,,,,,,https://p/2,3']
    const [product] = await reading(...rows)
    expect(product?.product?.images.map(({ url }) => url)).toEqual(['https://p/1', 'https://p/2'])
  })

  it('names the line and the reason of every wrong row, and makes nothing of its product', async () => {
    expect(
      await wrongOf('a,A,,,,1.999,,,', 'b,,,,,5,,,', 'b,,,x,,free,many,,', ',No handle,,,,1,,,', 'good,Good,,,,1,,,'),
    ).toEqual([
      {
        line: 2,
        code: 'BAD_USER_INPUT',
        reason: 'Variant Price must be an amount with at most 2 decimals, got "1.999"',
      },
      { line: 3, code: 'BAD_USER_INPUT', reason: 'Title is empty in the first row of its handle' },
      {
        line: 4,
        code: 'BAD_USER_INPUT',
        reason: 'Variant Price must be an amount with at most 2 decimals, got "free"',
      },
      { line: 5, code: 'BAD_USER_INPUT', reason: 'Handle is empty' },
    ])
  })

  it('counts lines as the file has them, with line breaks inside of cells and of either kind', async () => {
    const content = [HEADER, 'a,"A\r\nin two\r\nlines",,,,1,,,', '', 'b,B,,,,wrong,,,', ''].join('\r\n')
    const readings = await readAll(await written(`\uFEFF${content}`))
    expect(readings.map(({ handle, line }) => [handle, line])).toEqual([['a', 2], ['b', 6]]) // prettier-ignore
  })

  it('refuses a product whose rows do not stand together', async () => {
    expect(await wrongOf('a,A,,,,1,,,', 'b,B,,,,1,,,', 'a,,,x,,1,,,')).toMatchObject([
      { line: 2, code: 'BAD_USER_INPUT', reason: 'the rows of "a" must stand together; line 4 begins them anew' },
      { line: 4 },
    ])
  })

  it('knows currencies without a small unit', async () => {
    const file = await written([HEADER, 'a,A,,,,1200,,,', 'b,B,,,,12.5,,,'].join('\n'))
    const [yen, wrong] = await readAll(file, 'JPY')
    expect([yen?.product?.variants[0]?.priceMinor, wrong?.product]).toEqual([1200, null])
  })

  it.each([
    ['another file', 'name,price\na,1\n', 'no column Handle, Title, Variant Price'],
    ['an empty file', '', 'the file is empty'],
    ['an open quote', `${HEADER}\na,A,,,,1,,,\nb,"B,,,,1,,,\n`, 'breaks off from line 3'],
    ['too many cells', `${HEADER}\na,A,,,,1,,,,,\n`, 'line 2 has 11 cells where the first line has 9'],
  ])('is refused as a whole when it is %s', async (_, content, message) => {
    await expect(readAll(await written(content))).rejects.toThrow(message)
  })

  it('is refused when it is not there', async () => {
    await expect(readAll(join(dir, 'none.csv'))).rejects.toThrow('no such file')
  })
})

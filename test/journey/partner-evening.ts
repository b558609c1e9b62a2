import { ApolloClient, gql, HttpLink, InMemoryCache, type TypedDocumentNode } from '@apollo/client'
import { expect } from 'vitest'
import { seededChance } from '../../platform/time/chance.js'
import type { KuaishouSandbox } from '../../sandbox/kuaishou/kuaishou-sandbox.js'
import type { Order } from '../../sandbox/kuaishou/world.js'
import type { House } from '../support/house.js'
import { until } from '../support/until.js'

const ORDERS = 100
const PIECES = [80, 60, 60, 7] as const
const PRICES = [1990, 12_900, 350, 99_900] as const

/** An order as our own merchant sees it. */
interface ShopOrder {
  readonly id: string
  readonly state: string
  readonly partner: string | null
  readonly partnerOrder: string
  readonly total: { readonly amountMinor: number }
  readonly paid: { readonly amountMinor: number }
  readonly refunded: { readonly amountMinor: number }
}

const IMPORT: TypedDocumentNode<
  { importProducts: { results: readonly { product: { variants: readonly { id: string }[] } }[] } },
  Input
> = gql`
  mutation ($input: ImportProductsInput!) {
    importProducts(input: $input) {
      results {
        product {
          variants {
            id
          }
        }
      }
    }
  }
`
const LIST: TypedDocumentNode<{ listOnKuaishou: { errors: readonly unknown[] } }, Input> = gql`
  mutation ($input: ListOnKuaishouInput!) {
    listOnKuaishou(input: $input) {
      errors {
        code
      }
    }
  }
`
const SHELVES: TypedDocumentNode<{ kuaishouListings: { edges: readonly { node: Shelf }[] } }> = gql`
  query {
    kuaishouListings(first: 100) {
      edges {
        node {
          state
          stock
          variant {
            id
            stock {
              available
              reserved
            }
            kuaishouListing {
              kuaishouSku
            }
          }
        }
      }
    }
  }
`
const BOUGHT: TypedDocumentNode<{ orders: OrderPage }, { after: string | null }> = gql`
  query ($after: String) {
    orders(first: 100, after: $after) {
      edges {
        node {
          id
          state
          partner
          partnerOrder
          total {
            amountMinor
          }
          paid {
            amountMinor
          }
          refunded {
            amountMinor
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`
const SHIP: TypedDocumentNode<unknown, Input> = gql`
  mutation ($input: ShipOrderInput!) {
    shipOrder(input: $input) {
      errors {
        code
      }
    }
  }
`

type Input = { readonly input: object }

interface OrderPage {
  readonly edges: readonly { readonly node: ShopOrder }[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
}

interface Shelf {
  readonly state: string
  readonly stock: number | null
  readonly variant: {
    readonly id: string
    readonly stock: { readonly available: number; readonly reserved: number } | null
    readonly kuaishouListing: { readonly kuaishouSku: string | null } | null
  }
}

/** Our merchant, with the client that people use. */
export class Merchant {
  readonly #client: ApolloClient

  constructor(url: string, token: string) {
    const link = new HttpLink({ uri: url, headers: { authorization: `Bearer ${token}` } })
    const always = { fetchPolicy: 'no-cache' } as const
    this.#client = new ApolloClient({ link, cache: new InMemoryCache(), defaultOptions: { query: always } })
  }

  /** Imports products of one variant each, lists them at the partner's and waits until they are shown. */
  async opens(): Promise<void> {
    const products = PIECES.map((quantity, at) => ({
      ...{ handle: `evening-${at}`, title: `Evening ${at} https://example.com/page`, options: ['Title'] },
      variants: [{ optionValues: ['Default'], priceMinor: PRICES[at], quantity }],
    }))
    const { data } = await this.#client.mutate({
      mutation: IMPORT,
      variables: { input: { seller: 'daihuo', selfOperated: true, currency: 'CNY', products } },
    })
    const variantIds = data?.importProducts.results.flatMap(({ product }) => product.variants.map(({ id }) => id))
    await until(async () => {
      const listed = await this.#client.mutate({
        ...{ mutation: LIST, variables: { input: { variantIds } } },
      })
      return listed.data?.listOnKuaishou.errors.length === 0
    }, 'the connector to know the goods')
    await until(async () => {
      const shelves = await this.shelves()
      return shelves.length === PIECES.length && shelves.every(({ state, stock }) => state === 'LISTED' && stock !== 0)
    }, 'the goods to be shown')
  }

  async shelves(): Promise<readonly Shelf[]> {
    const { data } = await this.#client.query({
      query: SHELVES,
    })
    return data?.kuaishouListings.edges.map(({ node }) => node) ?? []
  }

  /** Every order of the partner, by its number there. */
  async orders(): Promise<ReadonlyMap<string, ShopOrder>> {
    const found: ShopOrder[] = []
    let after: string | null = null
    for (;;) {
      const page: OrderPage | undefined = await this.#page(after)
      found.push(...(page?.edges.map(({ node }) => node) ?? []))
      if (page?.pageInfo.hasNextPage !== true) break
      after = page.pageInfo.endCursor
    }
    return new Map(found.filter(({ partner }) => partner === 'kuaishou').map((order) => [order.partnerOrder, order]))
  }

  async #page(after: string | null): Promise<OrderPage | undefined> {
    return (await this.#client.query({ query: BOUGHT, variables: { after } })).data?.orders
  }

  /** Ships whatever is paid; a refund may be faster, and then the shop says so. */
  async ships(): Promise<void> {
    for (const { id, state, partnerOrder } of (await this.orders()).values()) {
      if (state !== 'PAID') continue
      const input = { orderId: id, carrier: 'SF', waybill: `SF${partnerOrder}` }
      await this.#client.mutate({ mutation: SHIP, variables: { input } })
    }
  }
}

/** A hundred orders, the first half asked about before they are made; some never paid, some given up, some given back. */
export async function aHundredOrders(house: House, sandbox: KuaishouSandbox): Promise<void> {
  const chance = seededChance(11)
  for (let tries = 0; sandbox.memory.orders.length < ORDERS; tries++) {
    if (tries > 3 * ORDERS) throw new Error('the sandbox’s people cannot buy')
    if (sandbox.memory.orders.length === ORDERS / 2)
      sandbox.pointTo({ webhook: `${house.shop.url}/hooks/kuaishou`, deduct: null })
    await Promise.all([1, 2, 3, 4].map(() => oneOrder(sandbox, chance.fraction(), chance.fraction())))
  }
}

async function oneOrder(sandbox: KuaishouSandbox, luck: number, taste: number): Promise<void> {
  const skus = sandbox.memory.items.flatMap((item) => item.skus)
  const skuId = skus[Math.floor(taste * skus.length)]?.skuId ?? ''
  const order = await sandbox.buyers.order({ skuId, num: luck < 0.3 ? 2 : 1 })
  if (order === null) return
  if (luck > 0.9) sandbox.buyers.cancel(order.oid)
  else sandbox.buyers.pay(order.oid)
  if (luck > 0.8 && luck < 0.9) sandbox.buyers.refund(order.oid)
}

/** Parcels leave and arrive until every order has come to its end at the partner's. */
export async function untilTheEnd(merchant: Merchant, sandbox: KuaishouSandbox): Promise<void> {
  for (let round = 0; round < 100; round++) {
    await merchant.ships()
    for (const { oid } of sandbox.memory.orders.filter(({ status }) => status === 40)) sandbox.buyers.receive(oid)
    if (sandbox.memory.orders.every((order) => isEnded(sandbox, order))) return
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
  const open = sandbox.memory.orders.filter((order) => !isEnded(sandbox, order))
  throw new Error(`${open.length} orders have not come to their end: ${JSON.stringify(open.map((it) => it.status))}`)
}

function isEnded({ memory }: KuaishouSandbox, { oid, status, refundedFen }: Order): boolean {
  const refund = memory.refunds.find((one) => one.oid === oid)
  if (refund !== undefined && refund.status !== 60 && refund.status !== 70) return status === 80
  return status === 70 || status === 80 || (status === 50 && refundedFen > 0)
}

/** Both sides, order by order: the same orders, the same end, the same fen kept; and what was not kept is on both shelves again. */
export async function bothSidesAgree(merchant: Merchant, sandbox: KuaishouSandbox): Promise<void> {
  await until(async () => (await differences(merchant, sandbox)).length === 0, 'agreement').catch(() => undefined)
  expect(await differences(merchant, sandbox)).toEqual([])
}

async function differences(merchant: Merchant, sandbox: KuaishouSandbox): Promise<readonly unknown[]> {
  const [ours, shelves] = [await merchant.orders(), await merchant.shelves()]
  const theirs = new Map(sandbox.memory.orders.map((order) => [order.oid, order]))
  const oids = new Set([...ours.keys(), ...theirs.keys()])
  const orders = [...oids].map((oid) => compared(oid, ours.get(oid), theirs.get(oid)))
  const stocks = shelves.map(({ variant }) => shelved(variant, sandbox))
  return [...orders, ...stocks].filter((it) => it.ours !== it.theirs)
}

function compared(oid: string, ours: ShopOrder | undefined, theirs: Order | undefined) {
  const kept = ours === undefined ? 0 : ours.paid.amountMinor - ours.refunded.amountMinor
  const keptThere = theirs === undefined || theirs.payTime === 0 ? 0 : theirs.totalFen - theirs.refundedFen
  const [end, endThere] = [endOf(ours), endThereOf(theirs)]
  return { oid, ours: `${end} ${kept}`, theirs: `${endThere} ${keptThere}` }
}

/** An order that was never made on one side is as good as one given up on the other. */
function endOf(order: ShopOrder | undefined): string {
  return order?.state === 'COMPLETED' ? 'sold' : order === undefined || GONE.has(order.state) ? 'gone' : order.state
}
const GONE: ReadonlySet<string> = new Set(['CANCELLED', 'EXPIRED', 'REFUNDED'])

function endThereOf(order: Order | undefined): string {
  if (order === undefined || order.status === 80 || order.refundedFen > 0) return 'gone'
  return order.status === 70 ? 'sold' : `status ${order.status}`
}

function shelved({ id, stock, kuaishouListing }: Shelf['variant'], sandbox: KuaishouSandbox) {
  const sku = sandbox.memory.items
    .flatMap((item) => item.skus)
    .find((one) => one.skuId === kuaishouListing?.kuaishouSku)
  return {
    id,
    ours: `${stock?.available ?? '-'} and ${stock?.reserved ?? '-'} held`,
    theirs: `${sku?.stock ?? '-'} and 0 held`,
  }
}

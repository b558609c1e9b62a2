import {
  ApolloClient,
  CombinedGraphQLErrors,
  gql,
  HttpLink,
  InMemoryCache,
  type TypedDocumentNode,
} from '@apollo/client'
import { until } from './until.js'

const SHIPPED_AT_ONCE = 16
const PIECES = [80, 60, 60, 7] as const
const PRICES = [1990, 12_900, 350, 99_900] as const

/** An order as our own merchant sees it. */
export interface ShopOrder {
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
const BOUGHT: TypedDocumentNode<{ orders: OrderPage }, { after: string | null; state: string | null }> = gql`
  query ($after: String, $state: OrderState) {
    orders(first: 100, after: $after, state: $state) {
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

export interface OrderPage {
  readonly edges: readonly { readonly node: ShopOrder }[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
}

export interface Shelf {
  readonly state: string
  readonly stock: number | null
  readonly variant: {
    readonly id: string
    readonly stock: { readonly available: number; readonly reserved: number } | null
    readonly kuaishouListing: { readonly kuaishouSku: string | null } | null
  }
}

/** Whether a failure says only that the shop was not there, or not in time. */
const LATER: ReadonlySet<unknown> = new Set([
  'BUSY',
  'SUBGRAPH_TIMEOUT',
  'SUBGRAPH_UNAVAILABLE',
  'INTERNAL_SERVER_ERROR',
])
const PATIENCE_MS = 180_000
const AGAIN_MS = 250

/** Our merchant, with the client that people use. With `patience` he asks again while the shop is not there. */
export class Merchant {
  readonly #client: ApolloClient
  readonly #patience: boolean

  constructor(url: string, token: string, { patience = false } = {}) {
    const link = new HttpLink({ uri: url, headers: { authorization: `Bearer ${token}` } })
    const always = { fetchPolicy: 'no-cache' } as const
    this.#client = new ApolloClient({ link, cache: new InMemoryCache(), defaultOptions: { query: always } })
    this.#patience = patience
  }

  /** Imports products of one variant each, lists them at the partner's and waits until they are shown. */
  async opens(pieces: readonly number[] = PIECES): Promise<void> {
    const products = pieces.map((quantity, at) => ({
      ...{ handle: `evening-${at}`, title: `Evening ${at} https://example.com/page`, options: ['Title'] },
      variants: [{ optionValues: ['Default'], priceMinor: PRICES[at % PRICES.length], quantity }],
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
      return shelves.length === pieces.length && shelves.every(({ state, stock }) => state === 'LISTED' && stock !== 0)
    }, 'the goods to be shown')
  }

  async shelves(): Promise<readonly Shelf[]> {
    const { data } = await this.#asked(() => this.#client.query({ query: SHELVES }))
    return data?.kuaishouListings.edges.map(({ node }) => node) ?? []
  }

  /** The partner's orders that stand so (all of them for null), by their numbers there. */
  async orders(state: string | null = null): Promise<ReadonlyMap<string, ShopOrder>> {
    const found: ShopOrder[] = []
    let after: string | null = null
    for (;;) {
      const page: OrderPage | undefined = await this.#page({ after, state })
      found.push(...(page?.edges.map(({ node }) => node) ?? []))
      if (page?.pageInfo.hasNextPage !== true) break
      after = page.pageInfo.endCursor
    }
    return new Map(found.filter(({ partner }) => partner === 'kuaishou').map((order) => [order.partnerOrder, order]))
  }

  async #page(variables: { after: string | null; state: string | null }): Promise<OrderPage | undefined> {
    return (await this.#asked(() => this.#client.query({ query: BOUGHT, variables }))).data?.orders
  }

  /** Ships whatever is paid; a refund may be faster, and then the shop says so. */
  async ships(): Promise<void> {
    const paid = [...(await this.orders('PAID')).values()]
    for (let at = 0; at < paid.length; at += SHIPPED_AT_ONCE)
      await Promise.all(
        paid.slice(at, at + SHIPPED_AT_ONCE).map(({ id, partnerOrder }) => {
          const input = { orderId: id, carrier: 'SF', waybill: `SF${partnerOrder}` }
          return this.#asked(() => this.#client.mutate({ mutation: SHIP, variables: { input } }))
        }),
      )
  }

  /** A question asked until it is answered, where there is patience for that. */
  async #asked<T>(ask: () => Promise<T>): Promise<T> {
    const last = performance.now() + PATIENCE_MS
    for (;;) {
      try {
        return await ask()
      } catch (error) {
        if (!this.#patience || !isPassing(error) || performance.now() > last) throw error
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS))
      }
    }
  }
}

function isPassing(error: unknown): boolean {
  return !CombinedGraphQLErrors.is(error) || error.errors.every(({ extensions }) => LATER.has(extensions?.['code']))
}

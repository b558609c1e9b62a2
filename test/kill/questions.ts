/** What an order is a piece of. */
export type Bought = { readonly flashSale: string } | { readonly preSale: string }

/** What a process of the shop is asked by its parent. */
export type Question = { readonly id: number } & (
  | { readonly deed: 'open'; readonly pieces: number; readonly quota: number; readonly buckets: number }
  | { readonly deed: 'open the pre-sale'; readonly quota: number; readonly depositUntil: string }
  | { readonly deed: 'place'; readonly member: string; readonly key: string; readonly of: Bought }
  | { readonly deed: 'pay' | 'pay the balance'; readonly member: string; readonly key: string; readonly order: string }
  | { readonly deed: 'let an hour pass' | 'what is still open?' | 'close' }
)

/** What it answers; number 0 says that it is ready. */
export type Answer = { readonly id: number } & ({ readonly answer: string } | { readonly refusal: string })

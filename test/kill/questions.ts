/** What a process of the shop is asked by its parent. */
export type Question =
  | { readonly id: number; readonly deed: 'open'; readonly pieces: number }
  | {
      readonly id: number
      readonly deed: 'place'
      readonly member: string
      readonly key: string
      readonly variant: string
      readonly sale: string
    }
  | { readonly id: number; readonly deed: 'pay'; readonly member: string; readonly key: string; readonly order: string }
  | { readonly id: number; readonly deed: 'is all told?' | 'close' }

/** What it answers; number 0 says that it is ready. */
export type Answer = { readonly id: number } & ({ readonly answer: string } | { readonly refusal: string })

/** A question to the graph. In process it goes straight to the gateway's `answer`, elsewhere over HTTP. */
export interface Question {
  readonly query: string
  readonly operationName?: string
  readonly variables?: Readonly<Record<string, unknown>>
}

/** The graph's answer; `data` is to be read by a decoder. */
export interface Reply {
  readonly data: unknown
  readonly errors: readonly { readonly message: string; readonly code: string }[]
}

/** Asks the graph as somebody: the starting file hands it in with its bearer's token inside. */
export type Ask = (question: Question) => Promise<Reply>

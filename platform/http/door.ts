/** A bare HTTP request at a door, its body unread by anyone (at most 1 MiB). Header names are in lower case. */
export interface DoorRequest {
  readonly method: string
  /** The path's named parts (`/l/:code` gives `code`), decoded. */
  readonly path: ReadonlyMap<string, string>
  readonly query: URLSearchParams
  readonly headers: ReadonlyMap<string, string>
  readonly body: Uint8Array
  /** The peer's address, as the server's trust settings see it. */
  readonly address: string
}

export interface DoorAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
}

/** An HTTP door of a part's own: a webhook, a tracked link, a partner's call. A thrown `Failure` becomes 4xx with its code. */
export interface Door {
  readonly method: 'GET' | 'POST'
  /** Of the form `/hooks/payment` or `/l/:code`. */
  readonly path: string
  readonly answer: (request: DoorRequest) => Promise<DoorAnswer>
}

/** An answer in JSON. */
export function jsonAnswer(status: number, body: unknown): DoorAnswer {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(body) }
}

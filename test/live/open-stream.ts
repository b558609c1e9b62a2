/** A stream, as much of it as has come. */
export interface Heard {
  text: string
  readonly response: Response
  ended: boolean
  leave(): void
}

/** A GET that is answered by a stream. */
export async function openStream(
  url: string,
  accept: string,
  query: string,
  headers: Readonly<Record<string, string>>,
): Promise<Heard> {
  const leaving = new AbortController()
  const response = await fetch(`${url}/graphql?query=${encodeURIComponent(query)}`, {
    headers: { accept, ...headers },
    signal: leaving.signal,
  })
  return read(response, leaving)
}

/** A stream's text as it comes. */
export function read(response: Response, leaving = new AbortController()): Heard {
  const heard = { text: '', response, ended: false, leave: () => leaving.abort() }
  void (async () => {
    const decoder = new TextDecoder()
    const reader = response.body?.getReader()
    for (let step = await reader?.read(); step?.done === false; step = await reader?.read())
      heard.text += decoder.decode(step.value)
    heard.ended = true
  })().catch(() => undefined)
  return heard
}

/** One subscription on a reserved stream. */
export async function openShared(
  gateway: string,
  query: string,
  headers: Readonly<Record<string, string>>,
): Promise<Heard> {
  const url = `${gateway}/graphql/stream`
  const token = await (await fetch(url, { method: 'PUT', headers })).text()
  const heard = read(await fetch(`${url}?token=${token}`))
  const body = JSON.stringify({ query, extensions: { operationId: 'a' } })
  await fetch(`${url}?token=${token}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  return heard
}

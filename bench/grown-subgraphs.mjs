// The subgraphs of `bench:growth` behind HTTP, in a process of their own: what is asked for is made of the question alone.
// GET /?count=N sets how many items there are.
import { createServer } from 'node:http'

export const GROWN_PORT = 4420

/** The items of the first list. */
export function itemsOf(count) {
  return Array.from({ length: count }, (_, at) => ({
    id: String(at),
    name: `Item ${at}`,
    price: at,
    text: 'a text of some length, as they are',
  }))
}

/** What the subgraph of that name answers: the list under its alias, or a number for each entity. */
export function answerOf({ query, subgraph, variables }, items) {
  if (!query.includes('_entities')) return { data: { [/(\w+):\s*items/.exec(query)?.[1] ?? 'items']: items } }
  const field = `f${subgraph.slice(1)}`
  return { data: { _entities: variables.representations.map(({ id }) => ({ [field]: Number(id) })) } }
}

if (process.argv[1] === import.meta.filename) {
  const lists = new Map()
  let count = 1
  createServer(async (request, response) => {
    const url = new URL(request.url, 'http://localhost')
    if (request.method === 'GET') {
      count = Number(url.searchParams.get('count'))
      return response.end()
    }
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += chunk
    const { query, variables } = JSON.parse(body)
    const isWhole = query.includes('text')
    const key = `${count} ${isWhole}`
    if (!lists.has(key))
      lists.set(key, isWhole ? itemsOf(count) : itemsOf(count).map(({ id }) => ({ __typename: 'Item', id })))
    const text = JSON.stringify(answerOf({ query, variables, subgraph: url.pathname.slice(1) }, lists.get(key)))
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
    response.end(text)
  }).listen(GROWN_PORT, '127.0.0.1', () => console.log('ready'))
}

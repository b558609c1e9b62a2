import { fields, list, text, type Fields } from '../../platform/decode.js'
import { Failure } from '../../platform/failure.js'
import type { Ask } from '../../schema/ask.js'

/** Asks for one root field and gives its value; an error of the graph is thrown with its code. */
export async function read(
  ask: Ask,
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
): Promise<Fields> {
  const { data, errors } = await ask({ query, variables })
  const first = errors[0]
  if (first !== undefined) throw new Failure(first.code, first.message)
  const [root] = Object.values(fields(data, 'data'))
  return fields(root, 'the root field')
}

/** Runs a mutation of one root field and gives its payload; the first refusal in `errors` is thrown with its code. */
export async function act(ask: Ask, query: string, variables: Readonly<Record<string, unknown>> = {}): Promise<Fields> {
  const payload = await read(ask, query, variables)
  const [refusal] = list(payload['errors'], 'errors', fields)
  if (refusal !== undefined) throw new Failure(text(refusal['code'], 'code'), text(refusal['message'], 'message'))
  return payload
}

/** The things on a page of a connection. */
export function nodesOf(connection: unknown, place: string): readonly Fields[] {
  return list(fields(connection, place)['edges'], `${place}.edges`, fields).map((edge) =>
    fields(edge['node'], `${place}.node`),
  )
}

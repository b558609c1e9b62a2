import type { FastifyRequest } from 'fastify'
import { fields, maybe, text } from '../../../platform/decode.js'
import type { FetchContext } from '../../fetch/ask-subgraph.js'
import { namedDocument } from '../read-request.js'
import type { WantedOperation } from '../run-operation.js'

/** The operation of a request that was read already; a GET's parameters are JSON texts. */
export function wantedOperation(request: FastifyRequest, context: FetchContext): WantedOperation {
  const isPost = request.method === 'POST'
  return wanted(isPost ? request.body : searchOf(request), isPost, context)
}

/** All operations of a request: a batch has several. */
export function wantedOperations(request: FastifyRequest, context: FetchContext): readonly WantedOperation[] {
  if (request.method !== 'POST' || !Array.isArray(request.body)) return [wantedOperation(request, context)]
  return request.body.map((one: unknown) => wanted(one, true, context))
}

function wanted(value: unknown, isPost: boolean, context: FetchContext): WantedOperation {
  const it = fields(value, 'the request')
  return {
    wanted: {
      ...namedDocument(it),
      query: maybe(it['query'], 'query', (query, place) => text(query, place, { most: Infinity })),
    },
    operationName: maybe(it['operationName'], 'operationName', (name, place) => text(name, place, { least: 0 })),
    variables: maybe(it['variables'], 'variables', fields),
    context,
    mayChange: isPost,
  }
}

function searchOf(request: FastifyRequest): Readonly<Record<string, unknown>> {
  const search = new URL(request.url, 'http://gateway').searchParams
  const variables = search.get('variables')
  return {
    query: search.get('query'),
    operationName: search.get('operationName'),
    variables: variables === null || variables === '' ? null : (JSON.parse(variables) as unknown), // `readSearch` has checked it
  }
}

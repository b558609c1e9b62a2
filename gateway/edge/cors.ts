import type { FastifyInstance } from 'fastify'

/** What a page of another host may send with its request. */
const EXPOSED = 'x-request-id, idempotent-replayed, retry-after'
const HEADERS =
  'authorization, content-type, idempotency-key, x-apollo-operation-name, apollo-require-preflight, x-request-id'

/** Lets pages of the named origins, compared whole, read our answers from a browser. Nobody else is told anything. */
export function allowOrigins(server: FastifyInstance, origins: readonly string[]): void {
  if (origins.length === 0) return
  server.addHook('onRequest', async (request, reply) => {
    const { origin } = request.headers
    void reply.header('vary', 'Origin')
    if (origin === undefined || !origins.includes(origin)) return
    void reply.header('access-control-allow-origin', origin).header('access-control-expose-headers', EXPOSED)
    if (request.method !== 'OPTIONS') return
    await reply
      .headers({ 'access-control-allow-methods': 'GET, POST', 'access-control-allow-headers': HEADERS })
      .header('access-control-max-age', '600')
      .code(204)
      .send()
  })
  server.options('/graphql', (_request, reply) => reply.code(204).send())
}

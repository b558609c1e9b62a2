import type { FastifyInstance } from 'fastify'

/** The page that Prometheus reads. */
export type MetricsPage = () => Promise<{ readonly type: string; readonly body: string }>

/** Says on `/health` that the process lives, on `/ready` whether it takes requests, and on `/metrics` what it counted. */
export function mountStatus(server: FastifyInstance, metrics: MetricsPage | null): { serving(now: boolean): void } {
  let serving = false
  server.get('/health', () => ({ status: 'alive' }))
  server.get('/ready', (_request, reply) =>
    reply.code(serving ? 200 : 503).send({ status: serving ? 'ready' : 'not ready' }),
  )
  if (metrics !== null)
    server.get('/metrics', async (_request, reply) => {
      const { type, body } = await metrics()
      return await reply.type(type).send(body)
    })
  return {
    serving(now) {
      serving = now
    },
  }
}

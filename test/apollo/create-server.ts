import { ApolloServer, type ApolloServerOptions, type BaseContext, type ContextFunction } from '@apollo/server'
import { readBearer } from '../../gateway/edge/bearer.js'
import { compressAnswers } from '../../gateway/edge/compress.js'
import { gatewayConfig } from '../../gateway/config.js'
import { graphHandler } from '../../gateway/edge/handler.js'
import { httpServer, mountGraph } from '../../gateway/edge/http-server.js'
import { NO_DOCUMENTS } from '../../gateway/edge/trusted-documents.js'
import { silent } from '../../platform/observe/observer.js'
import { systemChance } from '../../platform/time/chance.js'
import { systemClock } from '../../platform/time/clock.js'

/** What Apollo's suite wants of a server that was made for it. */
interface Created {
  readonly server: ApolloServer
  readonly url: string
  readonly extraCleanup: () => Promise<void>
}

/** An Apollo Server of any configuration behind our edge, as `openEdge` puts our own there. */
export async function createServer(
  config: ApolloServerOptions<BaseContext>,
  options: { readonly context?: ContextFunction<[]> } = {},
): Promise<Created> {
  const apollo = new ApolloServer(config)
  await apollo.start()
  const settings = gatewayConfig('open', { port: 0, batch: 100 })
  const server = httpServer({ settings, chance: systemChance, observer: silent })
  const graph = graphHandler({
    bearer: readBearer(null, systemClock),
    carry: () => null,
    passed: [],
    reading: { settings, documents: NO_DOCUMENTS, checkLarge: () => undefined },
    streams: { take: () => false, close: () => undefined },
    foresight: () => null,
    refusalOf: () => undefined,
  })
  const context = (): Promise<BaseContext> => options.context?.() ?? Promise.resolve({})
  mountGraph(server, { path: '/', graph, apollo, context })
  compressAnswers(server, settings.compressBytes)
  const url = await server.listen({ host: '127.0.0.1', port: 0 })
  return { server: apollo, url, extraCleanup: () => server.close() }
}

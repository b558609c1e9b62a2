import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import type { FastifyInstance } from 'fastify'

/** What a visitor finds in the editor. */
const FIRST_QUERY = `# Ask the graph. Subscriptions go over WebSocket; put a token under "Headers": {"authorization": "Bearer …"}
query Hello {
  __typename
}
`

interface Page {
  readonly html: string
  readonly zipped: Buffer
  readonly policy: string
}

/** GraphiQL at `/`, whole from one of our packages: its page may load and call nothing but this server. */
export function mountGraphiql(server: FastifyInstance): void {
  let page: Promise<Page> | null = null
  server.get('/', async (request, reply) => {
    const { html, zipped, policy } = await (page ??= makePage())
    void reply.type('text/html; charset=utf-8').header('content-security-policy', policy)
    void reply.header('vary', 'Accept-Encoding').header('x-frame-options', 'DENY')
    if (!/\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) return html
    return await reply.header('content-encoding', 'gzip').send(zipped)
  })
}

/** Made when first asked for: the package holds nine megabytes that a gateway in production never reads. */
async function makePage(): Promise<Page> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql')
  const html = renderGraphiQL({
    title: 'Daihuo',
    endpoint: '/graphql',
    subscriptionsProtocol: 'WS',
    defaultQuery: FIRST_QUERY,
  })
  return { html, zipped: gzipSync(html), policy: policyFor(html) }
}

/** Only the page's own script runs; its editor makes workers out of texts and sets styles by itself. */
function policyFor(html: string): string {
  const script = /<script>([^]*)<\/script>/.exec(html)?.[1] ?? ''
  const hash = createHash('sha256').update(script).digest('base64')
  return [
    "default-src 'none'",
    `script-src 'sha256-${hash}'`,
    'worker-src blob:',
    "style-src 'unsafe-inline'",
    'img-src data:',
    'font-src data:',
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

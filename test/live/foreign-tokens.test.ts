import { once } from 'node:events'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ChildProcess } from 'node:child_process'
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { projectRoot } from '../../platform/config/project-root.js'
import { systemClock } from '../../platform/time/clock.js'
import { compile } from '../support/compile.js'
import { composed } from '../support/federated.js'
import { ended, saying, startServer } from '../support/server.js'

let server: Server
let gateway: ChildProcess
let url: string
let key: CryptoKey

beforeAll(async () => {
  compile()
  const { publicKey, privateKey } = await generateKeyPair('RS256')
  key = privateKey
  const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'RS256' }] }
  server = createServer((request, response) => {
    const answer = request.url === '/keys' ? keys : { data: { secret: 's' } }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // a TCP server's
  const dir = await mkdtemp(join(tmpdir(), 'tokens-'))
  const [supergraph, config] = [join(dir, 'supergraph.graphql'), join(dir, 'config.json')]
  const sdl = 'type Query { secret: String @requiresScopes(scopes: [["read"]]) inner: Int @tag(name: "inner") }'
  await writeFile(supergraph, composed({ shop: { sdl } }).replace('http://shop.test', `http://127.0.0.1:${port}`))
  await writeFile(config, JSON.stringify({ tokens: { jwks: `http://127.0.0.1:${port}/keys`, issuer: 'us' } }))
  const args = ['dist/gateway/main.js', '--supergraph', supergraph, '--config', config, '--exclude-tag', 'inner']
  gateway = startServer(process.execPath, [...args, '--port', '0', '--log', 'silent'], { cwd: projectRoot() })
  url = /ready at (\S+)\/graphql/.exec(await saying(gateway, 'ready at'))?.[1] ?? ''
})
afterAll(async () => {
  await ended(gateway, 'SIGTERM')
  server.close()
})

async function asked(query: string, claims: Record<string, unknown> | null): Promise<Response> {
  const exp = Math.floor(systemClock.now().getTime() / 1000) + 60
  const token =
    claims && (await new SignJWT({ exp, ...claims }).setProtectedHeader({ alg: 'RS256', kid: 'k' }).sign(key))
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) }
  return await fetch(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) })
}

describe("the gateway's process", () => {
  it('shows what is protected to a token of another issuer that has the scope', async () => {
    const good = await asked('{ secret }', { iss: 'us', sub: 'auth0|7', scope: 'read' })
    expect(await good.json()).toEqual({ data: { secret: 's' } })
    expect(await (await asked('{ secret }', { iss: 'us', scope: 'write' })).json()).toMatchObject({
      data: { secret: null },
    })
    expect(await (await asked('{ secret }', null)).json()).toMatchObject({ data: { secret: null } })
  })

  it('refuses a token of somebody else', async () => {
    expect((await asked('{ secret }', { iss: 'them', scope: 'read' })).status).toBe(401)
  })

  it('serves the variant that its flags name', async () => {
    expect((await asked('{ inner }', null)).status).toBe(400)
  })
})

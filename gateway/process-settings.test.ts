import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { processSettings, type ProcessSettings } from './process-settings.js'

const read = (args: readonly string[], env: Readonly<Record<string, string>> = {}): ProcessSettings =>
  processSettings({ args: ['--supergraph', 's.graphql', ...args], env })

function file(content: unknown): string {
  const path = join(mkdtempSync(join(tmpdir(), 'gateway-')), 'config.json')
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

describe("the settings of the gateway's process", () => {
  it('have defaults for a laptop', () => {
    expect(read([]).config).toMatchObject({ host: '127.0.0.1', port: 4000, introspection: true, tellAll: true })
  })

  it('are strict on demand', () => {
    expect(read(['--profile', 'strict']).config).toMatchObject({
      introspection: false,
      graphiql: false,
      tellAll: false,
      limits: { depth: 15, tokens: 1_000 },
    })
  })

  it('let trusted documents be all that the strict profile serves, unless they say otherwise', () => {
    const only = (profile: string, documents: object): boolean =>
      read(['--profile', profile, '--config', file({ documents })]).config.documents.only
    expect(only('strict', { manifest: 'm.json' })).toBe(true)
    expect(only('strict', { manifest: 'm.json', only: false })).toBe(false)
    expect(only('open', { manifest: 'm.json' })).toBe(false)
  })

  it.each(['open', 'strict'])('bound every wait in the %s profile', (profile) => {
    const { headMs, bodyMs, requestMs, drainMs, reloadMs, farewellMs, sockets, fetch } = read([
      '--profile',
      profile,
    ]).config
    const waits = [headMs, bodyMs, requestMs, drainMs, reloadMs, sockets.initMs, sockets.pingMs, fetch.timeoutMs]
    for (const wait of [...waits, fetch.breaker.windowMs, fetch.breaker.restMs]) expect(wait).toBeGreaterThan(0)
    expect(fetch.timeoutMs).toBeLessThan(requestMs) // one slow subgraph does not take the time of all
    expect(farewellMs).toBeLessThan(drainMs)
  })

  it('take the file before the profile and a flag before the file', () => {
    const config = file({ port: 5000, host: '::1', limits: { depth: 7 }, fetch: { timeouts: { orders: 99 } } })
    expect(read(['--config', config, '--port', '0']).config).toMatchObject({
      port: 0,
      host: '::1',
      limits: { depth: 7, aliases: 5_000 },
      fetch: { timeouts: { orders: 99 } },
    })
  })

  it('verify tokens themselves once they have a secret, and tell less then', () => {
    const { secrets, config } = read([], { DAIHUO_SECRET: 'ab'.repeat(32) })
    expect([secrets?.key('token').length, config.tellAll]).toEqual([32, false])
  })

  it('report all that is wrong together', () => {
    const config = file({
      port: 'many',
      limits: { depht: 3, depth: -1 },
      origins: [1],
      fetch: { timeouts: { a: 'x' } },
    })
    expect(() => processSettings({ args: ['--config', config], env: {} })).toThrow(
      /port must be a whole number[^]*limits\.depht is not a setting[^]*limits\.depth must be[^]*origins must be a list of texts[^]*timeouts\.a must be[^]*--supergraph FILE is needed/,
    )
  })

  it('take tags of a contract from flags, each as often as it is given', () => {
    const args = ['--include-tag', 'a', '--exclude-tag', 'b', '--include-tag', 'c']
    expect(read(args).config.contract).toEqual({ include: ['a', 'c'], exclude: ['b'] })
    const config = file({ contract: { include: ['x'] } })
    expect(read(['--config', config, '--exclude-tag', 'b']).config.contract).toEqual({ include: ['x'], exclude: ['b'] })
  })

  it('are read by their own forms', () => {
    const policies = { staff: ['role:operator', 'claim:team=shop'] }
    const config = file({ policies, authorization: 'leave', tokens: { jwks: 'https://id.test/keys' } })
    expect(read(['--config', config]).config).toMatchObject({ policies, authorization: 'leave' })
    const wrong = file({ policies: { a: ['operator'] }, authorization: 'no', tokens: { jwks: 'http://id.test/keys' } })
    expect(() => read(['--config', wrong])).toThrow(
      /jwks must be an https address[^]*authorization must be one of[^]*policies\.a\[0\] must be like role:operator/,
    )
  })

  it('say when the file is none', () => {
    expect(() => read(['--config', '/nowhere.json'])).toThrow(/nowhere\.json/)
    expect(() => read(['--config', file('{')])).toThrow(/must be JSON/)
  })
})

import { afterEach, describe, expect, it } from 'vitest'
import { fields, json, text } from '../../../platform/decode.js'
import { secretsFrom } from '../../../platform/secret.js'
import { verifyToken } from '../../../platform/token.js'
import { identity, type Identity } from '../../../schema/identity.js'
import { eachMigrated } from '../../../test/support/databases.js'
import { WEBHOOKS } from '../../../test/support/standing.js'
import { fakeClock, type FakeClock } from '../../../test/support/fake-clock.js'
import { aGround } from '../../../test/support/ground.js'
import { runSubgraph, type HostedSubgraph } from '../../host/run.js'
import type { Ground } from '../../host/subgraph.js'
import { webhooks } from './subgraph.js'

const ABOUT = `credential { clientId partner scopes perMinute perDay networks usedToday revokedAt
  secrets { endsAt } } secret errors { code field }`
const deed = (name: string, input: string): string => `mutation($i: ${input}!) { ${name}(input: $i) { ${ABOUT} } }`
const ISSUE = deed('issuePartnerCredential', 'IssuePartnerCredentialInput')
const ROTATE = deed('rotatePartnerSecret', 'RotatePartnerSecretInput')
const CHANGE = deed('changePartnerCredential', 'ChangePartnerCredentialInput')
const REVOKE = deed('revokePartnerCredential', 'RevokePartnerCredentialInput')
const DRAW = 'mutation($n: Int!) { drawPartnerAllowance(count: $n, unused: 0, minute: 0) }'
const ALL = '{ partnerCredentials(first: 5) { nodes { clientId usedToday usedAt secrets { madeAt } } } }'
const NEW = { idempotencyKey: 'k', partner: 'acme', label: 'the shop server' }
const SECRETS = secretsFrom(Buffer.alloc(32))
const HOUR_MS = 3_600_000

interface Credential {
  readonly clientId: string
  readonly secret: string
}

eachMigrated(WEBHOOKS, (open) => {
  let ground: Ground
  let hosted: HostedSubgraph
  let clock: FakeClock
  afterEach(async () => {
    await hosted.stop()
    await ground.bus.close()
    await ground.db.close()
  })

  async function opened(): Promise<void> {
    clock = fakeClock()
    ground = aGround({ db: await open(), clock })
    hosted = await runSubgraph(webhooks({ secrets: SECRETS, env: {} }), ground)
  }
  const operator: Identity = {
    ...{ member: 'Member:o', partner: null, roles: ['operator' as const], scopes: [], expiresAt: 4_000_000_000 },
  }

  /** The payload of a deed of the operator's. */
  async function does(query: string, i: object, who = operator) {
    const { data, errors } = await hosted.ask({ query, variables: { i } }, who)
    expect(errors).toBeUndefined()
    return fields(Object.values(fields(data, 'data'))[0], 'payload')
  }
  async function issued(limits: object = {}): Promise<Credential> {
    const it = await does(ISSUE, { ...NEW, ...limits })
    return { clientId: text(fields(it['credential'], 'c')['clientId'], 'id'), secret: text(it['secret'], 'secret') }
  }

  /** What the door of tokens answers. */
  async function exchange({ clientId, secret }: Credential, { scope = '', address = '10.1.0.9', basic = false } = {}) {
    const door = hosted.doors.find(({ path }) => path === '/partners/token') ?? expect.unreachable('no door')
    const form = new URLSearchParams({ grant_type: 'client_credentials', scope })
    if (!basic)
      for (const [name, value] of [
        ['client_id', clientId],
        ['client_secret', secret],
      ] as const)
        form.set(name, value)
    const header = Buffer.from(`${clientId}:${secret}`).toString('base64')
    const headers = new Map([['content-type', 'application/x-www-form-urlencoded']])
    if (basic) headers.set('authorization', `Basic ${header}`)
    const answer = await door.answer({
      ...{ method: 'POST', path: new Map(), query: new URLSearchParams(), headers, address },
      body: Buffer.from(form.toString()),
    })
    return { status: answer.status, body: fields(json(String(answer.body), 'body'), 'body') }
  }
  async function bearerOf(credential: Credential, scope = ''): Promise<Identity> {
    const { status, body } = await exchange(credential, { scope })
    expect(status).toBe(200)
    return identity(await verifyToken(SECRETS.key('token'), text(body['access_token'], 'token'), clock))
  }

  describe('a credential of a partner', () => {
    it('is exchanged for a token of five minutes with its scopes and networks, by form or by header', async () => {
      await opened()
      const credential = await issued({ scopes: ['QUOTE', 'CATALOG'], networks: ['10.1.0.0/16'] })
      expect(await bearerOf(credential)).toMatchObject({
        ...{ partner: 'acme', roles: ['partner'], scopes: ['catalog', 'quote'] },
        credential: { id: credential.clientId, networks: ['10.1.0.0/16'] },
        expiresAt: Math.floor(clock.now().getTime() / 1000) + 300,
      })
      expect((await exchange(credential, { basic: true })).body).toMatchObject({
        expires_in: 300,
        token_type: 'Bearer',
      })
      expect((await bearerOf(credential, 'quote')).scopes).toEqual(['quote'])
    })

    it('S32 gives nothing to who does not know the secret, comes from elsewhere or wants more', async () => {
      await opened()
      const credential = await issued({ scopes: ['QUOTE'], networks: ['10.1.0.0/16'] })
      const wrong = async (other: Partial<Credential>, how = {}) => {
        const { status, body } = await exchange({ ...credential, ...other }, how)
        return [status, body['error'], body['code']]
      }
      expect(await wrong({ secret: 'ps_x' })).toEqual([401, 'invalid_client', 'UNAUTHENTICATED'])
      expect(await wrong({ clientId: "' or 1=1 --" })).toEqual([401, 'invalid_client', 'UNAUTHENTICATED'])
      expect(await wrong({ clientId: 'pc_\u0000' })).toEqual([401, 'invalid_client', 'UNAUTHENTICATED'])
      expect(await wrong({}, { address: '10.2.0.1' })).toEqual([403, 'access_denied', 'NETWORK_FORBIDDEN'])
      expect(await wrong({}, { scope: 'order' })).toEqual([400, 'invalid_scope', 'FORBIDDEN'])
    })

    it('tells its secret once, and keeps nothing of it', async () => {
      await opened()
      const { clientId, secret } = await issued()
      expect(await does(ISSUE, NEW)).toMatchObject({ credential: { clientId }, secret: null })
      expect(await does(ISSUE, { ...NEW, label: 'another' })).toMatchObject({
        errors: [{ code: 'IDEMPOTENCY_MISMATCH' }],
      })
      const { rows } = await ground.db.query('select row_to_json(s)::text as row from webhooks.credential_secret s')
      expect(JSON.stringify(rows)).not.toContain(secret)
    })

    it('has two secrets while they rotate, and never three', async () => {
      await opened()
      const first = await issued()
      const rotate = async (idempotencyKey: string): Promise<Credential> => {
        const it = await does(ROTATE, { idempotencyKey, clientId: first.clientId, overlapSeconds: 3600 })
        return { ...first, secret: text(it['secret'], 'secret') }
      }
      const second = await rotate('1')
      expect((await exchange(first)).status).toBe(200)
      expect((await exchange(second)).status).toBe(200)
      const third = await rotate('2')
      expect((await exchange(first)).status).toBe(401)
      await clock.advance(HOUR_MS)
      expect([(await exchange(second)).status, (await exchange(third)).status]).toEqual([401, 200])
    })

    it('is refused once it is revoked, also what a gateway draws for its tokens', async () => {
      await opened()
      const credential = await issued()
      const who = await bearerOf(credential)
      expect((await hosted.ask({ query: DRAW, variables: { n: 1 } }, who)).errors).toBeUndefined()
      await does(REVOKE, { clientId: credential.clientId, reason: 'lost' })
      expect((await exchange(credential)).status).toBe(401)
      const drawn = await hosted.ask({ query: DRAW, variables: { n: 1 } }, who)
      expect(drawn.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }])
      const again = { clientId: credential.clientId, idempotencyKey: 'r' }
      expect(await does(ROTATE, again)).toMatchObject({ errors: [{ code: 'STATE_FORBIDS' }] })
    })

    it('asks no more than its quota, which may be changed at once', async () => {
      await opened()
      const credential = await issued({ perMinute: 3, perDay: 4 })
      const who = await bearerOf(credential)
      const drawn = async (n: number) => {
        const { data } = await hosted.ask({ query: DRAW, variables: { n } }, who)
        return (data as { drawPartnerAllowance: readonly number[] }).drawPartnerAllowance.slice(0, 2)
      }
      expect(await drawn(3)).toEqual([3, 0])
      expect((await drawn(1))[0]).toBe(0)
      await clock.advance(60_000)
      expect([await drawn(1), (await drawn(1))[0]]).toEqual([[1, 0], 0])
      await does(CHANGE, { clientId: credential.clientId, perDay: 5 })
      expect(await drawn(1)).toEqual([1, 0])
      const { data } = await hosted.ask({ query: ALL }, operator)
      expect(data).toMatchObject({ partnerCredentials: { nodes: [{ usedToday: 5, secrets: [{}] }] } })
    })

    it.each([
      ['networks', { networks: ['10.0.0.0/33'] }, 'networks[0]'],
      ['a partner', { partner: 'A c m e' }, 'partner'],
      ['a quota', { perMinute: 0 }, 'perMinute'],
      ['a label', { label: '' }, 'label'],
    ])('is not issued for %s that are none', async (_what, wrong, field) => {
      await opened()
      expect(await does(ISSUE, { ...NEW, ...wrong })).toMatchObject({ errors: [{ code: 'BAD_USER_INPUT', field }] })
    })

    it('S32 is issued and seen by those who run the shop only', async () => {
      await opened()
      const partner: Identity = { ...operator, member: null, partner: 'acme', roles: ['partner'] }
      for (const question of [{ query: ISSUE, variables: { i: NEW } }, { query: ALL }])
        expect((await hosted.ask(question, partner)).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
    })

    it('S32 opens no more than its scopes', async () => {
      await opened()
      const who = await bearerOf(await issued({ scopes: ['QUOTE'] }))
      for (const query of ['{ partnerCatalog { nodes { onShelf } } }', '{ partnerWebhook { url } }'])
        expect((await hosted.ask({ query }, who)).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
    })
  })
})

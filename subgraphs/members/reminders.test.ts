import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fields, list } from '../../platform/decode.js'
import { secretsFrom } from '../../platform/secret.js'
import { ANONYMOUS, type Identity } from '../../schema/identity.js'
import { counting } from '../../test/support/counting.js'
import { eachMigrated } from '../../test/support/databases.js'
import { fakeClock } from '../../test/support/fake-clock.js'
import { aGround } from '../../test/support/ground.js'
import { MEMBERS } from '../../test/support/standing.js'
import { until } from '../../test/support/until.js'
import { runSubgraph, type HostedSubgraph } from '../host/run.js'
import type { Ground } from '../host/subgraph.js'
import { forgetPast } from './flow/forget-reminders.js'
import { members } from './subgraph.js'

const AT = '2026-11-11T12:00:00.000Z'
const ann: Identity = { ...ANONYMOUS, member: 'Member:ann', roles: ['member'], expiresAt: 9e9 }
const bob: Identity = { ...ann, member: 'Member:bob' }
const REMINDERS = `query ($first: Int, $after: String) { me { reminders(first: $first, after: $after) {
  nodes { id kind product { id } order { id } balance { amountMinor currency } due at } pageInfo { endCursor } } } }`
const launch = (member: string, opensAt = '2026-11-12T12:00:00.000Z') => ({
  ...{ id: `Launch:l:${member}`, kind: 'orders.launchReminded', at: AT, launch: 'Launch:l', product: 'Product:p' },
  ...{ member, opensAt },
})
const balance = (order: string) => ({
  ...{ id: `${order}:balance-due`, kind: 'orders.balanceDue', at: AT, order, preSale: 'PreSale:s' },
  ...{ variant: 'Variant:v', product: 'Product:q', member: 'Member:ann', balanceMinor: 2400, currency: 'CNY' },
  until: '2026-11-13T12:00:00.000Z',
})

eachMigrated(MEMBERS, (open) => {
  describe('what a member is reminded of', () => {
    let ground: Ground
    let hosted: HostedSubgraph
    beforeEach(async () => {
      ground = aGround({ db: await open() })
      hosted = await runSubgraph(members({ secrets: secretsFrom(Buffer.alloc(32)) }), ground)
    })
    afterEach(async () => {
      await hosted.stop()
      await ground.bus.close()
      await ground.db.close()
    })

    const tell = (position: string, ...events: readonly object[]) =>
      ground.bus.append(
        'orders',
        events.map((event, at) => ({ position: `${position}-${at + 1}`, body: JSON.stringify(event) })),
      )
    const kept = async () => (await ground.db.query('select 1 from members.reminder')).count
    const seenBy = async (who: Identity, variables: object = { first: 20 }) => {
      const { data, errors } = await hosted.ask({ query: REMINDERS, variables: { ...variables } }, who)
      expect(errors).toBeUndefined()
      const page = fields(fields(fields(data, 'data')['me'], 'me')['reminders'], 'reminders')
      return { nodes: list(page['nodes'], 'nodes', fields), end: fields(page['pageInfo'], 'pageInfo')['endCursor'] }
    }

    it('is kept for him alone, the newest first, and comes page by page', async () => {
      await tell('1', launch('Member:ann'), launch('Member:bob'), balance('Order:1'))
      await until(async () => (await kept()) === 3, 'the reminders')
      const due = {
        ...{ id: 'Order:1:balance-due', kind: 'BALANCE_DUE', product: { id: 'Product:q' }, order: { id: 'Order:1' } },
        ...{ balance: { amountMinor: 2400, currency: 'CNY' }, due: '2026-11-13T12:00:00.000Z', at: AT },
      }
      const opens = {
        ...{ id: 'Launch:l:Member:ann', kind: 'LAUNCH', product: { id: 'Product:p' }, order: null, balance: null },
        ...{ due: '2026-11-12T12:00:00.000Z', at: AT },
      }
      expect((await seenBy(ann)).nodes).toEqual([due, opens])
      const first = await seenBy(ann, { first: 1 })
      expect(first.nodes).toEqual([due])
      expect((await seenBy(ann, { first: 1, after: first.end })).nodes).toEqual([opens])
      expect((await seenBy(bob)).nodes).toMatchObject([{ id: 'Launch:l:Member:bob' }])
    })

    it('is shown to nobody else', async () => {
      await ground.db.query(
        `insert into members.member (id, nickname, version, created_at) values ('Member:ann', 'ann', 1, now())`,
      )
      const query = '{ member(id: "Member:ann") { reminders(first: 1) { nodes { id } } } }'
      const { errors } = await hosted.ask({ query, variables: {} }, bob)
      expect(errors?.[0]?.extensions['code']).toBe('FORBIDDEN')
    })

    it('is told to him while he watches, and to nobody without a token', async () => {
      const query = 'subscription { meReminded { id reminders(first: 1) { nodes { id } } } }'
      const line = await hosted.subscribe({ query }, ann)
      const next = async () => JSON.stringify((await line.next()).value)
      expect(await next()).toContain('"nodes":[]')
      const told = next()
      await tell('1', launch('Member:bob'))
      await tell('2', balance('Order:1'))
      expect(await told).toContain('Order:1:balance-due')
      await line.return?.()
      const stranger = await hosted.subscribe({ query }, ANONYMOUS)
      expect((await stranger.next()).value).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] })
    })

    it('is kept once however often it is told', async () => {
      await tell('1', balance('Order:1'), balance('Order:1'))
      await tell('2', balance('Order:1'), balance('Order:2'))
      await until(async () => (await kept()) === 2, 'the second')
      expect((await seenBy(ann)).nodes.map(({ id }) => id)).toEqual(['Order:2:balance-due', 'Order:1:balance-due'])
    })

    it('is forgotten ninety days after its moment', async () => {
      await tell('1', launch('Member:ann', AT), launch('Member:bob', '2026-11-20T12:00:00.000Z'))
      await until(async () => (await kept()) === 2, 'the reminders')
      const clock = fakeClock('2027-02-10T12:00:00Z')
      const observer = counting()
      await forgetPast({ ...ground, clock, observer })
      expect([await kept(), observer.counted('members.reminders.forgotten')]).toEqual([1, 1])
    })
  })
})

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../../platform/db/database.js'
import { migrate, type Migration } from '../../platform/db/migrate.js'
import type { DoorRequest } from '../../platform/http/door.js'
import type { Connector } from '../../subgraphs/connectors/connector.js'
import { startConnector, type RunningConnector } from '../../subgraphs/connectors/start-connector.js'
import type { Ground } from '../../subgraphs/host/subgraph.js'
import { eachDatabase } from '../support/databases.js'
import { aGround } from '../support/ground.js'

/** A connector under contract: how it is made, and what its partner might send. */
export interface UnderContract {
  readonly migrations: readonly Migration[]
  readonly make: (ground: Ground) => Connector
}

/** Bytes as they came to a door: the partner's own, forged ones, and good ones that say nothing that can be read. */
export interface Recorded {
  readonly good: (ground: Ground) => Uint8Array
  readonly forged: (ground: Ground) => Uint8Array
  readonly garbled: (ground: Ground) => Uint8Array
}

interface Open {
  readonly ground: Ground
  readonly connector: Connector
  readonly running: RunningConnector
}

/** What every `push` owes us: it takes only its partner's bytes, tells a fact once, and stores nothing of what it refuses. */
export function pushContract(under: UnderContract, recorded: Recorded): void {
  suite('push', under, (its) => {
    it('answers with thanks and tells what it was told once, however often it comes', async () => {
      const { connector, ground } = its()
      const bytes = recorded.good(ground)
      for (let time = 0; time < 3; time++) expect(await knock(its(), bytes)).toEqual(connector.push?.thanks)
      expect(await count(its(), 'fact')).toBe(1)
    })

    it('refuses bytes that its partner did not send, and stores nothing', async () => {
      await expect(knock(its(), recorded.forged(its().ground))).rejects.toMatchObject({ code: 'SIGNATURE_INVALID' })
      expect([await count(its(), 'fact'), await count(its(), 'errand')]).toEqual([0, 0])
    })

    it('refuses what it cannot read, and stores nothing', async () => {
      await expect(knock(its(), recorded.garbled(its().ground))).rejects.toMatchObject({ code: 'BAD_USER_INPUT' })
      expect([await count(its(), 'fact'), await count(its(), 'errand')]).toEqual([0, 0])
    })
  })
}

/** What every `poll` owes us: the same again is no news, and its place leads on. The partner must have something to tell. */
export function pollContract(under: UnderContract, name: string): void {
  suite(`poll ${name}`, under, (its) => {
    it('goes on from the place that it gave, and tells nothing twice', async () => {
      const { connector, running } = its()
      const poll = connector.polls?.find((one) => one.name === name) ?? expect.unreachable('no such poll')
      const first = await poll.since(null)
      expect(first.facts.length).toBeGreaterThan(0)
      await running.apply(first.facts)
      const second = await poll.since(first.cursor)
      const told = [...first.facts, ...second.facts]
      await running.apply(second.facts)
      expect(await running.apply(told)).toBe(0)
      expect(first.cursor).not.toBe('')
    })
  })
}

/** What every `answer` owes us: its partner's bytes only, and an answer in its time. */
export function answerContract(under: UnderContract, recorded: Recorded): void {
  suite('answer', under, (its) => {
    it('is given in its time', async () => {
      const { connector, ground } = its()
      const answer = connector.answer ?? expect.unreachable('nothing is answered')
      const begun = ground.clock.monotonicMs()
      expect((await knock(its(), recorded.good(ground), answer.path)).status).toBe(200)
      expect(ground.clock.monotonicMs() - begun).toBeLessThan(answer.withinMs + 500)
    })

    it('refuses bytes that its partner did not send, and what it cannot read', async () => {
      const { connector, ground } = its()
      const path = connector.answer?.path
      await expect(knock(its(), recorded.forged(ground), path)).rejects.toMatchObject({ code: 'SIGNATURE_INVALID' })
      await expect(knock(its(), recorded.garbled(ground), path)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' })
    })
  })
}

/** What every `follow` owes us: our events, heard again, leave the same errands. */
export function followContract(under: UnderContract, told: { topic: string; events: readonly unknown[] }): void {
  suite('follow', under, (its) => {
    it('hears the same events twice as if once', async () => {
      const { connector, ground } = its()
      const follow = connector.follow ?? expect.unreachable('nothing is followed')
      const hear = () => ground.db.transaction((tx) => follow.hear(tx, told.topic, told.events))
      const first = await hear()
      const again = await hear()
      const keys = new Set(first.map(({ kind, key }) => `${kind} ${key}`))
      expect(again.every(({ kind, key }) => keys.has(`${kind} ${key}`))).toBe(true)
    })

    it('passes over kinds of events that it does not know', async () => {
      const { connector, ground } = its()
      const event = { id: 'new', at: '2026-11-11T12:00:00Z', kind: `${told.topic}.invented` }
      const follow = connector.follow ?? expect.unreachable('nothing is followed')
      expect(await ground.db.transaction((tx) => follow.hear(tx, told.topic, [event]))).toEqual([])
    })
  })
}

function suite(part: string, { migrations, make }: UnderContract, tests: (its: () => Open) => void): void {
  eachDatabase((open) => {
    describe(`the ${part} of a connector`, () => {
      let opened: Open | null = null
      beforeEach(async () => {
        const db: Database = await open()
        const ground = aGround({ db })
        const connector = make(ground)
        await migrate(db, connector.partner, migrations)
        opened = { ground, connector, running: startConnector({ ...connector, polls: [] }, ground) }
      })
      afterEach(async () => {
        await opened?.running.stop()
        await opened?.ground.bus.close()
        await opened?.ground.db.close()
      })
      tests(() => opened ?? expect.unreachable('not open'))
    })
  })
}

function knock({ running, connector }: Open, body: Uint8Array, path = connector.push?.path) {
  const door = running.doors.find((one) => one.path === path) ?? expect.unreachable('no such door')
  const nothing = { path: new Map(), query: new URLSearchParams(), headers: new Map(), address: '127.0.0.1' }
  return door.answer({ ...nothing, method: 'POST', body } satisfies DoorRequest)
}

async function count({ ground, connector }: Open, table: string): Promise<number> {
  const { rows } = await ground.db.query<{ count: number }>(`select count(*) from ${connector.partner}.${table}`)
  return rows[0]?.count ?? 0
}

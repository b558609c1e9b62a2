import { memoryBus } from '../../platform/bus/memory-bus.js'
import type { Bus } from '../../platform/bus/bus.js'
import type { Database } from '../../platform/db/database.js'
import { silent } from '../../platform/observe/observer.js'
import { secretsFrom } from '../../platform/secret.js'
import { systemClock } from '../../platform/time/clock.js'
import { ANONYMOUS, type Identity, type Role } from '../../schema/identity.js'
import { runSubgraph, type HostedSubgraph } from '../../subgraphs/host/run.js'
import { members } from '../../subgraphs/members/subgraph.js'
import { aGround } from './ground.js'

const as = (member: string, ...roles: readonly Role[]): Identity => ({ ...ANONYMOUS, member, roles, expiresAt: 9e9 })

/** Two members, of whom Ann also runs campaigns, and an operator. */
export const ANN = as('Member:ann', 'member', 'campaign-manager')
export const BOB = as('Member:bob', 'member')
export const OPERATOR = as('Member:op', 'operator')

/** What the subgraph seals with. */
export const SECRETS = secretsFrom(Buffer.alloc(32, 3))

type Reply = ReturnType<HostedSubgraph['ask']>

/** The members' subgraph over a database and a bus that the test reads and writes too. */
export interface MembersHouse {
  readonly db: Database
  readonly bus: Bus
  ask(who: Identity, query: string, variables?: Record<string, unknown>): Reply
  /** How many rows a table of its schema has. */
  rowsOf(table: string): Promise<number>
  stop(): Promise<void>
}

/** Opens the subgraph on an empty database. */
export async function aMembersHouse(db: Database): Promise<MembersHouse> {
  const bus = memoryBus({ clock: systemClock, observer: silent })
  const hosted = await runSubgraph(members({ secrets: SECRETS }), aGround({ db, bus }))
  return {
    ...{ db, bus },
    ask: (who, query, variables = {}) => hosted.ask({ query, variables }, who),
    rowsOf: async (table) => (await db.query(`select 1 from members.${table}`)).count,
    async stop() {
      await hosted.stop()
      await bus.close()
      await db.close()
    },
  }
}

/** With which code a question was refused. */
export async function codeOf(reply: Reply) {
  return (await reply).errors?.[0]?.extensions.code
}

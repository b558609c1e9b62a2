import type { Database } from '../../platform/db/database.js'
import type { Ground } from '../host/subgraph.js'
import type { Connector, Fact } from './connector.js'
import { putErrands } from './errands.js'

/** Takes facts in; gives how many were news. Resolves when they are durable, before any work for them starts. */
export type Apply = (facts: readonly Fact[], beside?: (tx: Database) => Promise<void>) => Promise<number>

/**
 * facts -> keep the newest of each -> what it means to the connector -> its errands, all in one transaction.
 * However often, in whatever order and by whichever way a version comes, it is told to the connector once: a process
 * killed before the commit has told nothing, one killed after it finds nothing new in the repetition.
 * `beside` is written in the same transaction (a poll's place).
 */
export function applyTo(connector: Connector, ground: Ground, wake: () => void): Apply {
  const { db, observer } = ground
  const schema = connector.partner
  return async (facts, beside) => {
    const news = await db.transaction(async (tx) => {
      const fresh = await keepNewest(tx, schema, facts)
      const errands = fresh.length === 0 ? [] : ((await connector.told?.(tx, fresh)) ?? [])
      await putErrands(tx, schema, { errands, ground })
      await beside?.(tx)
      return fresh
    })
    observer.count('connector.told', { partner: schema }, facts.length)
    observer.count('connector.news', { partner: schema }, news.length)
    if (news.length > 0) wake()
    return news.length
  }
}

/** Those of the facts that are newer than what was known, each key once, in the order of the keys (so that two callers never wait for each other). */
async function keepNewest(tx: Database, schema: string, facts: readonly Fact[]): Promise<readonly Fact[]> {
  const newest = newestOfEach(facts)
  if (newest.length === 0) return []
  const { rows } = await tx.query<{ key: string }>(
    `insert into ${schema}.fact (key, version, body)
     select key, version, body::jsonb from unnest($1::text[], $2::bigint[], $3::text[]) as told (key, version, body)
     order by key
     on conflict (key) do update set version = excluded.version, body = excluded.body, at = now()
     where fact.version < excluded.version
     returning key`,
    [
      newest.map((fact) => fact.key),
      newest.map((fact) => fact.version),
      newest.map((fact) => JSON.stringify(fact.body)),
    ],
  )
  const fresh = new Set(rows.map((row) => row.key))
  return newest.filter((fact) => fresh.has(fact.key))
}

function newestOfEach(facts: readonly Fact[]): readonly Fact[] {
  const byKey = new Map<string, Fact>()
  for (const fact of facts) {
    const known = byKey.get(fact.key)
    if (known === undefined || known.version < fact.version) byKey.set(fact.key, fact)
  }
  return [...byKey.values()].sort((a, b) => (a.key < b.key ? -1 : 1))
}

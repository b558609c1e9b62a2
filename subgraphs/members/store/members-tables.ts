import type { Generated, Kysely } from 'kysely'
import type { Database } from '../../../platform/db/database.js'
import { tables } from '../../../platform/db/tables.js'
import { SCHEMA } from './migrations.js'

/** The columns of members' tables, as kysely reads them. */
export interface MembersTables {
  readonly member: {
    readonly id: string
    readonly nickname: string
    readonly plus_until: Date | null
    readonly version: number
    readonly created_at: Date
  }
  readonly plus_period: {
    readonly grant_name: string
    readonly member_id: string
    readonly years: number
    readonly starts_at: Date
    readonly ends_at: Date
    readonly granted_at: Date
  }
  readonly e_card: {
    readonly member_id: string
    readonly currency: string
    readonly balance_minor: number
  }
  readonly e_card_entry: {
    readonly number: Generated<number>
    readonly cause: string
    readonly member_id: string
    readonly currency: string
    readonly amount_minor: number
    readonly balance_minor: number
    readonly reason: string
    readonly at: Date
  }
}

/** Typed queries over members' tables. */
export function membersTables(db: Database): Kysely<MembersTables> {
  return tables<MembersTables>(db, SCHEMA)
}

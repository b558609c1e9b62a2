import type { Chance } from '../../../platform/time/chance.js'
import { globalId } from '../../../schema/ids.js'
import { memberOf, needRole, type Identity } from '../../../schema/identity.js'
import { refuse } from '../../../schema/refuse.js'
import { needSellers } from '../../host/acting/acting-for.js'
import { SCHEMA } from '../store/migrations.js'
import { answerSample, askSample, lockSample, type SampleRow } from '../store/pool-picks.js'
import { lockPoolEntry } from '../store/pool-rows.js'
import type { PoolGround } from './pool.js'

/** A host wishes to try an approved product; asked again, it is the same wish. */
export async function requestSample(
  { db, clock, chance }: PoolGround & { readonly chance: Chance },
  who: Identity,
  entry: string,
): Promise<SampleRow> {
  needRole(who, 'host')
  const id = globalId('PoolSample', chance.uuid())
  return db.transaction(async (tx) => {
    const row = await lockPoolEntry(tx, entry)
    if (row === null) throw refuse('NOT_FOUND', 'no such product in the pool')
    if (row.state !== 'APPROVED')
      throw refuse('STATE_FORBIDS', `samples are of approved products, this one is ${row.state}`)
    return askSample(tx, { id, entry, host: memberOf(who), asked_at: clock.now() })
  })
}

/** The merchant sends the sample (the note names its parcel) or declines (the note says why). */
export async function answerRequest(
  { db, clock }: PoolGround,
  who: Identity,
  { id, isSent, note }: { readonly id: string; readonly isSent: boolean; readonly note: string },
): Promise<SampleRow> {
  needRole(who, 'merchant', 'operator')
  return db.transaction(async (tx) => {
    const sample = await lockSample(tx, id)
    if (sample === null) throw refuse('NOT_FOUND', 'no such sample')
    await needSellers(tx, SCHEMA, { who, sellers: [sample.seller] })
    const state = isSent ? ('SENT' as const) : ('DECLINED' as const)
    if (sample.state === state && sample.note === note) return sample
    if (sample.state !== 'REQUESTED')
      throw refuse('STATE_FORBIDS', `a sample that is ${sample.state} was answered already`)
    const answered = { ...sample, state, note, answered_at: clock.now() }
    await answerSample(tx, answered)
    return answered
  })
}

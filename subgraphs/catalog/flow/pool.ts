import { tell } from '../../../platform/bus/outbox.js'
import type { Database } from '../../../platform/db/database.js'
import type { Clock } from '../../../platform/time/clock.js'
import type { PoolChanged, PoolPicked } from '../../../schema/events/catalog.js'
import { globalId } from '../../../schema/ids.js'
import { memberOf, needRole, type Identity } from '../../../schema/identity.js'
import { refuse } from '../../../schema/refuse.js'
import { needSellers } from '../../host/acting/acting-for.js'
import { poolStateAfter, type Grade, type PoolDeed } from '../domain/pool.js'
import { findProducts } from '../store/find-products.js'
import { SCHEMA } from '../store/migrations.js'
import { keepPick } from '../store/pool-picks.js'
import { dropUnfit } from './quality-sessions.js'
import { insertPoolEntry, insertPoolStep, lockPoolEntry, movePoolEntry, type PoolRow } from '../store/pool-rows.js'

/** What the pool's deeds work with. `wake` tells the relay that there is something in the outbox. */
export interface PoolGround {
  readonly db: Database
  readonly clock: Clock
  readonly wake: () => void
}

/** What a merchant offers hosts with a product. */
export interface PoolTerms {
  readonly category: string
  readonly commissionBp: number
  readonly marginBp: number
}

/** The pool's entry of a product: there is one for each, however often it is submitted. */
export function poolEntryId(product: string): string {
  return globalId('PoolEntry', product.slice(product.indexOf(':') + 1))
}

/** A merchant submits a product of a seller that it acts for; what was rejected or withdrawn comes back to be tested again. */
export async function submitToPool(
  { db, clock }: PoolGround,
  who: Identity,
  { product, ...terms }: PoolTerms & { readonly product: string },
): Promise<string> {
  needRole(who, 'merchant', 'operator')
  const [found] = await findProducts(db, [product])
  if (found === null || found === undefined)
    throw refuse('NOT_FOUND', 'no such product', { details: { place: 'productId' } })
  await needSellers(db, SCHEMA, { who, sellers: [found.seller] })
  const id = poolEntryId(product)
  const at = clock.now()
  await db.transaction(async (tx) => {
    const { category, commissionBp: commission_bp, marginBp: margin_bp } = terms
    const entry = { id, product, seller: found.seller, category, commission_bp, margin_bp, submitted_at: at }
    if (await insertPoolEntry(tx, entry)) return insertPoolStep(tx, stepOf('submit', await locked(tx, id), who, at))
    const row = await locked(tx, id)
    if (row.state === 'SUBMITTED' && isSame(row, terms)) return
    await move(tx, who, { deed: 'submit', row, at, changes: { ...entry, grade: null, reasons: [], decided_at: null } })
  })
  return id
}

function isSame(row: PoolRow, { category, commissionBp, marginBp }: PoolTerms): boolean {
  return row.category === category && row.commission_bp === commissionBp && row.margin_bp === marginBp
}

/** What quality control says at the end of a test. */
export type Verdict = { readonly grade: Grade } | { readonly reasons: readonly string[] }

/** Quality control takes what was submitted in hand. */
export function takeForTest(ground: PoolGround, who: Identity, id: string): Promise<string> {
  needRole(who, 'operator')
  return moveEntry(ground, who, { id, deed: 'take', isDone: (row) => row.state === 'TESTING' })
}

/** Quality control approves with a grade or rejects with reasons. */
export function decideTest(
  ground: PoolGround,
  who: Identity,
  asked: { id: string; verdict: Verdict },
): Promise<string> {
  needRole(who, 'operator')
  const { id, verdict } = asked
  const decided_at = ground.clock.now()
  if ('grade' in verdict) {
    const { grade } = verdict
    const isDone = (row: PoolRow): boolean => row.state === 'APPROVED' && row.grade === grade
    return moveEntry(ground, who, { id, deed: 'approve', isDone, changes: { grade, reasons: [], decided_at } })
  }
  const { reasons } = verdict
  if (reasons.length === 0)
    throw refuse('BAD_USER_INPUT', 'reasons must say why it was rejected, got none', { details: { place: 'reasons' } })
  return moveEntry(ground, who, { id, deed: 'reject', changes: { grade: null, reasons, decided_at } })
}

/** Quality control doubts what it approved: until it is decided anew nobody picks it. */
export function retest(ground: PoolGround, who: Identity, asked: { id: string; reason: string }): Promise<string> {
  needRole(who, 'operator')
  const changes = { grade: null, reasons: [asked.reason], decided_at: null }
  return moveEntry(ground, who, { id: asked.id, deed: 'retest', changes })
}

/** A merchant takes its product out of the pool; hosts who picked it keep their terms. */
export function withdraw(ground: PoolGround, who: Identity, id: string): Promise<string> {
  needRole(who, 'merchant', 'operator')
  return moveEntry(ground, who, {
    id,
    deed: 'withdraw',
    isDone: (row) => row.state === 'WITHDRAWN',
    changes: { grade: null },
  })
}

/** A host picks an approved product for his rooms: the commission named now is his, also when the merchant names another later. */
export async function pickFromPool(
  { db, clock, wake }: PoolGround,
  who: Identity,
  { id, picked }: { readonly id: string; readonly picked: boolean },
): Promise<string> {
  needRole(who, 'host')
  const host = memberOf(who)
  const at = clock.now()
  await db.transaction(async (tx) => {
    const row = await locked(tx, id)
    if (picked && row.state !== 'APPROVED')
      throw refuse('STATE_FORBIDS', `a product that is ${row.state} cannot be picked`)
    const commissionBp = picked ? row.commission_bp : null
    const version = await keepPick(tx, { entry: id, host, commissionBp }, at)
    if (version === null) return
    const told: PoolPicked = {
      ...{ id: `${id}:${host}:${version}`, kind: 'catalog.poolPicked', at: at.toISOString() },
      ...{ product: row.product, host, version, commissionBp },
    }
    await tell(tx, SCHEMA, [told])
  })
  wake()
  return id
}

interface Asked {
  readonly id: string
  readonly deed: PoolDeed
  readonly changes?: Partial<PoolRow>
  /** Whether the entry is already where the deed would lead. */
  readonly isDone?: (row: PoolRow) => boolean
}

async function moveEntry({ db, clock, wake }: PoolGround, who: Identity, asked: Asked): Promise<string> {
  const { id, deed, changes = {}, isDone } = asked
  await db.transaction(async (tx) => {
    const row = await locked(tx, id)
    if (deed === 'withdraw') await needSellers(tx, SCHEMA, { who, sellers: [row.seller] })
    if (isDone?.(row) !== true) await move(tx, who, { deed, row, at: clock.now(), changes })
  })
  wake()
  return id
}

async function locked(tx: Database, id: string): Promise<PoolRow> {
  const row = await lockPoolEntry(tx, id)
  if (row === null) throw refuse('NOT_FOUND', 'no such product in the pool')
  return row
}

/** The new state and the step that led to it, in the caller's transaction. */
async function move(
  tx: Database,
  who: Identity,
  { deed, row, at, changes }: { deed: PoolDeed; row: PoolRow; at: Date; changes: Partial<PoolRow> },
): Promise<void> {
  const state = poolStateAfter(row.state, deed)
  if (state === null) throw refuse('STATE_FORBIDS', `a product that is ${row.state} cannot be done this: ${deed}`)
  const moved = { ...row, ...changes, state, version: row.version + 1 }
  await movePoolEntry(tx, moved)
  if (row.state === 'APPROVED' || state === 'APPROVED') await tellPool(tx, moved, at)
  await insertPoolStep(tx, stepOf(deed, moved, who, at))
}

/** What may be sold as approved is another now: told, and pages that ask for more lose it, in the transaction of the step. */
async function tellPool(tx: Database, row: PoolRow, at: Date): Promise<void> {
  const { product, version, grade } = row
  const told: PoolChanged = {
    ...{ id: `${row.id}:${version}`, kind: 'catalog.poolChanged', at: at.toISOString() },
    ...{ product, version, approved: row.state === 'APPROVED', grade },
  }
  await tell(tx, SCHEMA, [told])
  await dropUnfit(tx, row, at)
}

function stepOf(deed: PoolDeed, { id, version, state, grade, reasons }: PoolRow, who: Identity, at: Date) {
  return { entry: id, version, deed, state, grade, reasons, by: memberOf(who), at }
}

import type { Database } from '../../../platform/db/database.js'

/** Keeps on which terms a host sells a product of the pool; null: on none any more. Gives the version, null when it was so before. */
export async function keepPick(
  tx: Database,
  {
    entry,
    host,
    commissionBp,
  }: { readonly entry: string; readonly host: string; readonly commissionBp: number | null },
  at: Date,
): Promise<number | null> {
  const { rows } = await tx.query<{ readonly version: number }>(
    `insert into catalog.pool_pick as kept (entry, host, commission_bp, at) values ($1, $2, $3, $4)
     on conflict (entry, host) do update set version = kept.version + 1, commission_bp = excluded.commission_bp, at = excluded.at
       where kept.commission_bp is distinct from excluded.commission_bp returning version`,
    [entry, host, commissionBp, at],
  )
  return rows[0]?.version ?? null
}

/** A host's wish to try a product. */
export interface SampleRow {
  readonly id: string
  readonly entry: string
  readonly host: string
  readonly state: 'REQUESTED' | 'SENT' | 'DECLINED'
  readonly note: string | null
  readonly asked_at: Date
  readonly answered_at: Date | null
}

const COLUMNS = 'id, entry, host, state, note, asked_at, answered_at'

/** Writes a wish down; what was declined may be wished for again, what is open or was sent stays as it is. */
export async function askSample(
  tx: Database,
  sample: Pick<SampleRow, 'id' | 'entry' | 'host' | 'asked_at'>,
): Promise<SampleRow> {
  await tx.query(
    `insert into catalog.pool_sample as kept (id, entry, host, state, asked_at) values ($1, $2, $3, 'REQUESTED', $4)
     on conflict (entry, host) do update set state = 'REQUESTED', note = null, answered_at = null, asked_at = excluded.asked_at
       where kept.state = 'DECLINED'`,
    [sample.id, sample.entry, sample.host, sample.asked_at],
  )
  const { rows } = await tx.query<SampleRow>(
    `select ${COLUMNS} from catalog.pool_sample where entry = $1 and host = $2`,
    [sample.entry, sample.host],
  )
  const [row] = rows
  if (row === undefined) throw new Error('a sample that was asked for is not there')
  return row
}

/** A wish with the seller that answers it, locked; null for an unknown one. */
export async function lockSample(tx: Database, id: string): Promise<(SampleRow & { readonly seller: string }) | null> {
  const { rows } = await tx.query<SampleRow & { readonly seller: string }>(
    `select s.id, s.entry, s.host, s.state, s.note, s.asked_at, s.answered_at, e.seller
     from catalog.pool_sample s join catalog.pool_entry e on e.id = s.entry where s.id = $1 for update of s`,
    [id],
  )
  return rows[0] ?? null
}

/** Writes the answer to a wish. */
export async function answerSample(tx: Database, { id, state, note, answered_at }: SampleRow): Promise<void> {
  await tx.query('update catalog.pool_sample set state = $2, note = $3, answered_at = $4 where id = $1', [
    ...[id, state, note, answered_at],
  ])
}

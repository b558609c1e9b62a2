import type { Database } from '../../../platform/db/database.js'
import type { Grade } from '../domain/pool.js'

/** A page of goods that a partner selects. */
export interface QualitySessionRow {
  readonly id: string
  readonly number: number
  readonly label: string
  readonly partner: string
  readonly least_grade: Grade
  readonly starts_at: Date
  readonly ends_at: Date | null
}

const COLUMNS = 'id, number, label, partner, least_grade, starts_at, ends_at'

/** Writes down a new session. */
export async function insertQualitySession(
  tx: Database,
  { id, label, partner, least_grade, starts_at, ends_at }: Omit<QualitySessionRow, 'number'>,
): Promise<void> {
  await tx.query(
    `insert into catalog.quality_session (id, label, partner, least_grade, starts_at, ends_at) values ($1, $2, $3, $4, $5, $6)`,
    [id, label, partner, least_grade, starts_at, ends_at],
  )
}

/** A session; null for an unknown one. With `lock` it neither ends nor moves meanwhile. */
export async function findQualitySession(
  db: Database,
  id: string,
  { lock = false } = {},
): Promise<QualitySessionRow | null> {
  const { rows } = await db.query<QualitySessionRow>(
    `select ${COLUMNS} from catalog.quality_session where id = $1 ${lock ? 'for update' : ''}`,
    [id],
  )
  return rows[0] ?? null
}

/** Ends a session, and never later than it would have ended. */
export async function endQualitySession(tx: Database, id: string, at: Date): Promise<void> {
  await tx.query(
    `update catalog.quality_session set ends_at = greatest(starts_at, least(coalesce(ends_at, $2::timestamptz), $2::timestamptz)) where id = $1`,
    [id, at],
  )
}

/** Sessions in the order in which they were opened: those whose page is open at a moment, or (null) all; of a partner or of all. */
export async function pageQualitySessions(
  db: Database,
  wanted: {
    readonly openAt: Date | null
    readonly partner: string | null
    readonly after: number
    readonly most: number
  },
): Promise<readonly QualitySessionRow[]> {
  const { rows } = await db.query<QualitySessionRow>(
    `select ${COLUMNS} from catalog.quality_session
     where number > $1 and ($2::timestamptz is null or (starts_at <= $2 and (ends_at is null or ends_at > $2)))
       and ($3::text is null or partner = $3) order by number limit $4`,
    [wanted.after, wanted.openAt, wanted.partner, wanted.most],
  )
  return rows
}

/** A product on a session's page. */
export interface QualityGoodRow {
  readonly number: number
  readonly product: string
  readonly grade: Grade
  readonly at: Date
}

/** What is selected and shown at all, in the order in which it was selected. */
export async function pageQualityGoods(
  db: Database,
  { session, after, most }: { readonly session: string; readonly after: number; readonly most: number },
): Promise<readonly QualityGoodRow[]> {
  const { rows } = await db.query<QualityGoodRow>(
    `select g.number, e.product, e.grade, g.at from catalog.quality_good g join catalog.pool_entry e on e.id = g.entry
     join catalog.product p on p.id = e.product and p.published where g.session = $1 and g.selected and g.number > $2 order by g.number limit $3`,
    [session, after, most],
  )
  return rows
}

/** A selection that changed. */
export interface SelectionRow {
  readonly session: string
  readonly partner: string
  readonly product: string
  readonly selected: boolean
  readonly version: number
}

const CHANGED = `select c.session, s.partner, e.product, c.selected, c.version from changed c
  join catalog.quality_session s on s.id = c.session join catalog.pool_entry e on e.id = c.entry order by s.number, e.id`

/** Selects entries (the last at the end of the page) or takes them off; gives those that were not so before. */
export async function keepSelection(
  tx: Database,
  { session, entries, selected, at }: { session: string; entries: readonly string[]; selected: boolean; at: Date },
): Promise<readonly SelectionRow[]> {
  const { rows } = await tx.query<SelectionRow>(
    selected
      ? `with changed as (
           insert into catalog.quality_good as kept (session, entry, selected, at)
           select $1, entry, true, $3 from unnest($2::text[]) with ordinality as asked (entry, place) order by place
           on conflict (session, entry) do update set selected = true, number = default, version = kept.version + 1, at = excluded.at
             where not kept.selected returning session, entry, selected, version)
         ${CHANGED}`
      : `with changed as (
           update catalog.quality_good set selected = false, version = version + 1, at = $3
           where session = $1 and entry = any($2::text[]) and selected returning session, entry, selected, version)
         ${CHANGED}`,
    [session, entries, at],
  )
  return rows
}

/** Takes an entry off every page that asks for a better grade than these, at once. */
export async function dropSelections(
  tx: Database,
  { entry, kept, at }: { readonly entry: string; readonly kept: readonly Grade[]; readonly at: Date },
): Promise<readonly SelectionRow[]> {
  const { rows } = await tx.query<SelectionRow>(
    `with changed as (
       update catalog.quality_good g set selected = false, version = g.version + 1, at = $3 from catalog.quality_session s
       where g.entry = $1 and g.selected and s.id = g.session and s.least_grade <> all($2::text[])
       returning g.session, g.entry, g.selected, g.version)
     ${CHANGED}`,
    [entry, kept, at],
  )
  return rows
}

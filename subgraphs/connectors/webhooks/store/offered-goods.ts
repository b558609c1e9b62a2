import type { Database } from '../../../../platform/db/database.js'

/** A variant as a partner finds it in its catalogue; `change` grows with every change of anything, and names the newest of this one. */
export interface OfferedGoods {
  readonly variant: string
  readonly product: string
  readonly on_shelf: boolean
  readonly change: number
  readonly changed_at: Date
}

/** What may be told of a variant or of all variants of a product. */
export interface GoodsNews {
  readonly variant: string | null
  /** Null where the event names none: then only what is known already changes. */
  readonly product: string | null
  /** Null: as it was. */
  readonly onShelf: boolean | null
  /** Of the event, so that an older one does not undo a newer one's shelf. */
  readonly version: number
}

/** Numbers are given one transaction after the other, or a page could pass by one that commits behind it. */
const NUMBERING = 7_312_005

/** Keeps what is told, each thing under a new number behind all others. */
export async function keepGoodsNews(tx: Database, news: readonly GoodsNews[], at: Date): Promise<void> {
  if (news.length === 0) return
  await tx.query('select pg_advisory_xact_lock($1)', [NUMBERING])
  for (const { variant, product, onShelf, version } of news) {
    if (variant !== null && product !== null)
      await tx.query(
        `insert into webhooks.goods (variant, product, on_shelf, change, changed_at)
         values ($1, $2, coalesce((select on_shelf from webhooks.shelf where product = $2), false), nextval('webhooks.goods_change'), $3)
         on conflict (variant) do update set change = excluded.change, changed_at = excluded.changed_at`,
        [variant, product, at],
      )
    else if (variant !== null)
      await tx.query(
        `update webhooks.goods set change = nextval('webhooks.goods_change'), changed_at = $2 where variant = $1`,
        [variant, at],
      )
    else if (product !== null && onShelf !== null) await keepShelf(tx, { product, onShelf, version, at })
  }
}

async function keepShelf(
  tx: Database,
  { product, onShelf, version, at }: { product: string; onShelf: boolean; version: number; at: Date },
): Promise<void> {
  const { count } = await tx.query(
    `insert into webhooks.shelf as known (product, on_shelf, version) values ($1, $2, $3)
     on conflict (product) do update set on_shelf = excluded.on_shelf, version = excluded.version where known.version < excluded.version`,
    [product, onShelf, version],
  )
  if (count === 0) return
  await tx.query(
    `update webhooks.goods set on_shelf = $2, change = nextval('webhooks.goods_change'), changed_at = $3 where product = $1`,
    [product, onShelf, at],
  )
}

/** What changed behind a number, in the order of the changes; each variant once, under its newest. */
export async function changedGoods(
  db: Database,
  { after, most }: { readonly after: number; readonly most: number },
): Promise<readonly OfferedGoods[]> {
  const { rows } = await db.query<OfferedGoods>(
    'select variant, product, on_shelf, change, changed_at from webhooks.goods where change > $1 order by change limit $2',
    [after, most],
  )
  return rows
}

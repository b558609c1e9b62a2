import type { Database } from '../../../platform/db/database.js'
import { oneOf } from '../../../platform/decode.js'
import type { Share } from '../domain/offers.js'
import { DEPOSIT_RULES, type DepositRule, type PreSaleFacts } from '../domain/pre-sale.js'
import { readShares } from './price-offers.js'

/** A variant that is sold for a deposit now and a balance later. */
export interface PreSaleRow extends PreSaleFacts {
  readonly id: string
  readonly variant: string
  readonly product: string
  readonly currency: string
  /** What is paid first for a piece, and what of its price it counts for. */
  readonly deposit_minor: number
  readonly counts_minor: number
  /** Who bears what it counts for beyond itself. */
  readonly shares: readonly Share[]
  readonly per_member: number
  /** What becomes of the deposit when the balance is missed, and when the member gives up. */
  readonly missed: DepositRule
  readonly given_up: DepositRule
}

type Stored = Omit<PreSaleRow, 'shares' | 'missed' | 'given_up'> & {
  readonly shares: unknown
  readonly missed: string
  readonly given_up: string
}

const COLUMNS = `s.id, s.variant, s.product, s.currency, s.deposit_minor, s.counts_minor, s.shares, s.deposit_from, s.deposit_until,
  s.balance_from, s.balance_until, s.quota, s.taken, s.per_member, s.missed, s.given_up, s.closed, s.called_off`

/** Writes down a pre-sale; false when its variant has one that is not over. */
export async function insertPreSale(
  tx: Database,
  sale: Omit<PreSaleRow, 'taken' | 'closed' | 'called_off'> & { readonly openedBy: string },
): Promise<boolean> {
  const { count } = await tx.query(
    `insert into orders.pre_sale (id, variant, product, currency, deposit_minor, counts_minor, shares, deposit_from, deposit_until,
       balance_from, balance_until, quota, per_member, missed, given_up, opened_by)
     values ($1, $2, $3, $4, $5, $6, $7::jsonb, $8, $9, $10, $11, $12, $13, $14, $15, $16)
     on conflict (variant) where not over do nothing`,
    [
      ...[sale.id, sale.variant, sale.product, sale.currency, sale.deposit_minor, sale.counts_minor],
      ...[JSON.stringify(sale.shares), sale.deposit_from, sale.deposit_until, sale.balance_from, sale.balance_until],
      ...[sale.quota, sale.per_member, sale.missed, sale.given_up, sale.openedBy],
    ],
  )
  return count > 0
}

/** Pre-sales by id; locked where their pieces are taken or they are closed. They are locked after the stock. */
export async function findPreSales(
  db: Database,
  ids: readonly string[],
  { lock = false }: { readonly lock?: boolean } = {},
): Promise<ReadonlyMap<string, PreSaleRow>> {
  if (ids.length === 0) return new Map()
  const { rows } = await db.query<Stored>(
    `select ${COLUMNS} from orders.pre_sale s where s.id = any($1::text[]) order by s.id ${lock ? 'for update' : ''}`,
    [ids],
  )
  return new Map(rows.map((row) => [row.id, read(row)]))
}

/** The pre-sale of each of these variants that is not over, by variant. */
export async function preSalesOf(db: Database, variants: readonly string[]): Promise<ReadonlyMap<string, PreSaleRow>> {
  const { rows } = await db.query<Stored>(
    `select ${COLUMNS} from orders.pre_sale s where s.variant = any($1::text[]) and not s.over`,
    [variants],
  )
  return new Map(rows.map((row) => [row.variant, read(row)]))
}

/** No more deposits are taken; called off, all of them go back. What was called off stays so. */
export async function closePreSale(tx: Database, id: string, isCalledOff: boolean): Promise<void> {
  await tx.query('update orders.pre_sale set closed = true, called_off = called_off or $2 where id = $1', [
    id,
    isCalledOff,
  ])
}

/** Ends pre-sales whose time is over, or of which nothing is left to come: their variants may have another one. */
export async function endPreSales(tx: Database, at: Date): Promise<void> {
  await tx.query(
    `update orders.pre_sale s set over = true where not over and (balance_until <= $1 or called_off or (closed and taken = 0))
       and not exists (select from orders.deposit d join orders.purchase p on p.id = d.purchase
         where d.pre_sale = s.id and not d.freed and p.state in ('DEPOSIT_DUE', 'DEPOSIT_PAYING', 'DEPOSIT_PAID', 'BALANCE_PAYING'))`,
    [at],
  )
}

function read({ shares, missed, given_up, ...row }: Stored): PreSaleRow {
  return {
    ...row,
    shares: readShares(shares),
    missed: oneOf(missed, 'pre_sale.missed', DEPOSIT_RULES),
    given_up: oneOf(given_up, 'pre_sale.given_up', DEPOSIT_RULES),
  }
}

import type { Database } from '../../../platform/db/database.js'
import type { LaunchTimes } from '../domain/launch.js'

/** When products go on sale, who reserved them, and who has been reminded. Goods name their launch until it is open to all. */
export const LAUNCHES = `
create table orders.launch (
  id text primary key,
  product text not null unique,
  opens_at timestamptz not null,
  all_from timestamptz not null,
  remind_at timestamptz not null,
  reserved bigint not null default 0 check (reserved >= 0),
  over boolean not null default false,
  scheduled_by text not null,
  check (remind_at <= opens_at and opens_at <= all_from)
);
create index launch_awake on orders.launch (remind_at) where not over;
create table orders.launch_member (
  launch text not null references orders.launch,
  member text not null,
  reserved_at timestamptz not null,
  reminded_at timestamptz,
  primary key (launch, member)
);
create index launch_member_waiting on orders.launch_member (launch) where reminded_at is null;
alter table orders.goods add column launch text;
`

/** A product that is to go on sale. */
export interface LaunchRow extends LaunchTimes {
  readonly id: string
  readonly product: string
  readonly remind_at: Date
  readonly reserved: number
  readonly over: boolean
}

const COLUMNS = 'id, product, opens_at, all_from, remind_at, reserved, over'

/** Writes a launch; its goods are not sold before it. False when the product has one. */
export async function insertLaunch(tx: Database, launch: LaunchRow & { readonly by: string }): Promise<boolean> {
  const { count } = await tx.query(
    `insert into orders.launch (id, product, opens_at, all_from, remind_at, scheduled_by) values ($1, $2, $3, $4, $5, $6)
     on conflict (product) do nothing`,
    [launch.id, launch.product, launch.opens_at, launch.all_from, launch.remind_at, launch.by],
  )
  await tx.query('update orders.goods set launch = $1 where product = $2', [launch.id, launch.product])
  return count > 0
}

/** Launches by id; locked where what is counted changes. */
export async function findLaunches(
  db: Database,
  ids: readonly string[],
  { lock = false }: { readonly lock?: boolean } = {},
): Promise<ReadonlyMap<string, LaunchRow>> {
  const { rows } = await db.query<LaunchRow>(
    `select ${COLUMNS} from orders.launch where id = any($1::text[]) order by id ${lock ? 'for update' : ''}`,
    [ids],
  )
  return new Map(rows.map((row) => [row.id, row]))
}

/** Goods that came later than the launch of their product wait for it too. */
export async function nameLaunches(tx: Database, variants: readonly string[]): Promise<void> {
  await tx.query(
    `update orders.goods g set launch = l.id from orders.launch l
     where g.variant = any($1::text[]) and l.product = g.product and not l.over and g.launch is null`,
    [variants],
  )
}

/** Writes a reservation and counts it; false when the member had reserved. The launch must be locked. */
export async function addReservation(
  tx: Database,
  { launch, member, at }: { readonly launch: string; readonly member: string; readonly at: Date },
): Promise<boolean> {
  const { count } = await tx.query(
    'insert into orders.launch_member (launch, member, reserved_at) values ($1, $2, $3) on conflict do nothing',
    [launch, member, at],
  )
  if (count > 0) await tx.query('update orders.launch set reserved = reserved + 1 where id = $1', [launch])
  return count > 0
}

/** Which of these members reserved which of these launches, as `launch member`. */
export async function reservationsOf(
  db: Database,
  launches: readonly string[],
  members: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await db.query<{ readonly launch: string; readonly member: string }>(
    'select launch, member from orders.launch_member where launch = any($1::text[]) and member = any($2::text[])',
    [launches, members],
  )
  return new Set(rows.map(({ launch, member }) => `${launch} ${member}`))
}

/** A member who waits for a launch. */
export interface Waiting {
  readonly launch: string
  readonly product: string
  readonly member: string
  readonly opens_at: Date
}

/** Marks as reminded, once, those whose time has come and gives them; what another process holds is passed by. */
export async function takeWaiting(tx: Database, at: Date, most: number): Promise<readonly Waiting[]> {
  const { rows } = await tx.query<Waiting>(
    `with due as (
       select m.launch, m.member, l.product, l.opens_at from orders.launch_member m join orders.launch l on l.id = m.launch
       where m.reminded_at is null and not l.over and l.remind_at <= $1::timestamptz
       order by m.launch, m.member limit $2 for update of m skip locked)
     update orders.launch_member m set reminded_at = $1::timestamptz from due
     where m.launch = due.launch and m.member = due.member returning due.launch, due.product, due.member, due.opens_at`,
    [at, most],
  )
  return rows
}

/** Ends the launches that are open to all and have reminded everybody: their goods are goods like others. */
export async function endLaunches(tx: Database, at: Date): Promise<void> {
  await tx.query(
    `with ended as (
       update orders.launch l set over = true where not over and all_from <= $1::timestamptz
         and not exists (select from orders.launch_member m where m.launch = l.id and m.reminded_at is null) returning id)
     update orders.goods g set launch = null from ended where g.launch = ended.id`,
    [at],
  )
}

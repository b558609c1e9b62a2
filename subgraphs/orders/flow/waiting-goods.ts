import type { Database } from '../../../platform/db/database.js'
import { notYet } from '../domain/launch.js'
import type { GoodsRow } from '../store/goods.js'
import { findLaunches, reservationsOf } from '../store/launches.js'

/** Why a variant is not on sale yet for a member (null: for somebody who is none); null when it is. */
export type NotYet = (variant: string, member: string | null) => string | null

const ALL_ON_SALE: NotYet = () => null

/** Reads the launches that goods wait for; goods without one cost no statement. */
export async function waitingGoods(
  db: Database,
  goods: readonly GoodsRow[],
  { members, at }: { readonly members: readonly (string | null)[]; readonly at: Date },
): Promise<NotYet> {
  const waiting = [...new Set(goods.flatMap((row) => row.launch ?? []))].sort()
  if (waiting.length === 0) return ALL_ON_SALE
  const [launches, reserved] = await Promise.all([
    findLaunches(db, waiting),
    reservationsOf(
      db,
      waiting,
      members.flatMap((member) => member ?? []),
    ),
  ])
  const launchOf = new Map(goods.map((row) => [row.variant, launches.get(row.launch ?? '')]))
  return (variant, member) => {
    const launch = launchOf.get(variant)
    return launch === undefined ? null : notYet(launch, at, reserved.has(`${launch.id} ${member ?? ''}`))
  }
}

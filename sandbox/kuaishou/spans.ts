import { refusals } from './answers.js'
import type { Param } from './read-param.js'
import { nowOf, type World } from './world.js'

const DAY_MS = 86_400_000

/** How long a span may be asked for: so many days, or minutes while a campaign runs. */
export const CAMPAIGN_SPAN_MS = 10 * 60_000

/** Reads `beginTime` and `endTime` and keeps the platform's rules for them; a refusal's code is the caller's. */
export function readSpan(
  world: World,
  param: Param,
  { days, codes }: { days: number; codes: { order: number; long: number; old: number } },
): { readonly begin: number; readonly end: number } {
  const begin = param.whole('beginTime', 0, Number.MAX_SAFE_INTEGER)
  const end = param.whole('endTime', 0, Number.MAX_SAFE_INTEGER)
  const most = world.faults.happens('windows') ? CAMPAIGN_SPAN_MS : days * DAY_MS
  if (end < begin) throw refusals.refund(codes.order, '结束时间不能早于开始时间')
  if (end - begin > most) throw refusals.refund(codes.long, `时间范围不能超过${most / 1000}秒`)
  if (begin < nowOf(world) - 90 * DAY_MS) throw refusals.refund(codes.old, '只能查询90天内的数据')
  return { begin, end }
}

/** One page of rows in the order of their time, behind the cursor: "" before the first, "nomore" after the last. */
export function pageOf<Row extends { readonly id: string; readonly time: number }>(
  rows: readonly Row[],
  cursor: string,
  size: number,
): { readonly page: readonly Row[]; readonly cursor: string } {
  const sorted = [...rows].sort((a, b) => a.time - b.time || (BigInt(a.id) < BigInt(b.id) ? -1 : 1))
  const behind = cursor === '' ? sorted : sorted.filter((row) => isBehind(row, cursor))
  const page = behind.slice(0, size)
  const last = page.at(-1)
  return { page, cursor: last === undefined || behind.length <= size ? 'nomore' : `${last.time}_${last.id}` }
}

function isBehind(row: { readonly id: string; readonly time: number }, cursor: string): boolean {
  const [time, id] = cursor.split('_')
  if (time === undefined || id === undefined || !/^\d+$/.test(time) || !/^\d+$/.test(id))
    throw refusals.parameter('cursor')
  return row.time > Number(time) || (row.time === Number(time) && BigInt(row.id) > BigInt(id))
}

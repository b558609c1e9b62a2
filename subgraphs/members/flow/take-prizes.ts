import { tell } from '../../../platform/bus/outbox.js'
import type { Database } from '../../../platform/db/database.js'
import type { Clock } from '../../../platform/time/clock.js'
import { campaignsEvent, type PrizeGranted } from '../../../schema/events/campaigns.js'
import type { MembersEvent } from '../../../schema/events/members.js'
import { plusAfter } from '../domain/plus-years.js'
import { moveECard } from '../store/e-card-rows.js'
import { addPlusPeriod, knowMember, lockPlus } from '../store/member-rows.js'
import { SCHEMA } from '../store/migrations.js'
import { memberKnown, nicknameOf } from './ensure-members.js'

/** Puts granted prizes into their winners' accounts, each grant once however often it is told. Runs in the consumer's transaction. */
export async function takePrizes(tx: Database, events: readonly unknown[], clock: Clock): Promise<void> {
  for (const event of events) {
    const grant = campaignsEvent(event)
    if (grant?.kind === 'campaigns.prizeGranted') await takePrize(tx, grant, clock.now())
  }
}

async function takePrize(tx: Database, prize: PrizeGranted, now: Date): Promise<void> {
  const { grant, campaign, member, eCardMinor, currency } = prize
  const joined = await knowMember(tx, { id: member, nickname: nicknameOf(member) }, now)
  const told: MembersEvent[] = joined === null ? [] : [memberKnown(joined, now)]
  const until = prize.plusYears === 0 ? null : await addYears(tx, prize, now)
  if (until !== null)
    told.push({
      id: `${grant}:plus`,
      kind: 'members.plusChanged',
      at: now.toISOString(),
      member,
      until: until.toISOString(),
    })
  const movement = { cause: grant, member, currency, amountMinor: eCardMinor }
  if (eCardMinor > 0 && (await moveECard(tx, { ...movement, reason: `prize of ${campaign}` }, now)))
    told.push({ id: `${grant}:ecard`, kind: 'members.eCardGranted', at: now.toISOString(), ...movement })
  await tell(tx, SCHEMA, told)
}

/** The new end of the winner's PLUS; null when this grant was taken before. */
async function addYears(
  tx: Database,
  { grant, member, plusYears: years }: PrizeGranted,
  now: Date,
): Promise<Date | null> {
  const { from, until } = plusAfter(await lockPlus(tx, member), now, years)
  return (await addPlusPeriod(tx, { grant, member, years, from, until }, now)) ? until : null
}

import type { Database } from '../../../platform/db/database.js'
import { json, list, text } from '../../../platform/decode.js'
import type { Observer } from '../../../platform/observe/observer.js'
import type { Personal } from '../../../platform/personal.js'
import { repeat, type Clock } from '../../../platform/time/clock.js'
import type { AddressFields } from '../domain/address.js'
import { findAddresses, keepSealed, lockClear, type Address, type AddressRow } from '../store/address-rows.js'

const EVERY_MS = 60_000
/** Rows of one transaction. */
const MOST = 500

/** What addresses are sealed with, and where. */
export interface SealingGround {
  readonly db: Database
  readonly personal: Personal
  readonly observer: Observer
}

/** Seals an address for its own row. */
export function sealAddress(personal: Personal, { id, regionCode, line, receiver, phone }: Address): Uint8Array {
  return personal.seal(JSON.stringify([regionCode, line, receiver, phone]), id)
}

/** The addresses of each member, the newest first, in the order of the members. */
export async function openAddresses(
  { db, personal }: Pick<SealingGround, 'db' | 'personal'>,
  members: readonly string[],
): Promise<readonly (readonly Address[])[]> {
  const rows = await findAddresses(db, members)
  const byMember = new Map<string, Address[]>(members.map((id) => [id, []]))
  for (const row of rows) byMember.get(row.member)?.push(opened(personal, row))
  return members.map((id) => byMember.get(id) ?? [])
}

function opened(personal: Personal, row: AddressRow): Address {
  if (row.sealed !== null) return { id: row.id, ...fieldsIn(personal.open(row.sealed, row.id)) }
  const { id, regionCode, line, receiver, phone } = row
  return { id, regionCode, line, receiver, phone }
}

function fieldsIn(plain: string): AddressFields {
  const [regionCode, line, receiver, phone] = list(json(plain, 'address'), 'address', text)
  return {
    regionCode: text(regionCode, 'address.regionCode'),
    line: text(line, 'address.line'),
    receiver: text(receiver, 'address.receiver'),
    phone: text(phone, 'address.phone'),
  }
}

/** Seals what was kept in clear by a version before, and counts it. */
export async function sealClear({ db, personal, observer }: SealingGround): Promise<void> {
  for (;;) {
    const sealed = await db.transaction(async (tx) => {
      const clear = await lockClear(tx, MOST)
      if (clear.length > 0)
        await keepSealed(
          tx,
          clear.map((address) => ({ id: address.id, sealed: sealAddress(personal, address) })),
        )
      return clear.length
    })
    observer.count('members.addresses.sealed', {}, sealed)
    if (sealed < MOST) return
  }
}

/** Seals at once what stands in clear, and looks again every minute: a process of the version before may still write. Stopping waits for the turn under way. */
export function startSealing(ground: SealingGround & { readonly clock: Clock }): () => Promise<void> {
  const seal = () =>
    sealClear(ground).catch((error: unknown) =>
      ground.observer.log('warn', 'addresses stand in clear for now', { fault: String(error) }),
    )
  let running = seal()
  const cancel = repeat(ground.clock, EVERY_MS, () => (running = seal()))
  return async () => {
    cancel()
    await running
  }
}

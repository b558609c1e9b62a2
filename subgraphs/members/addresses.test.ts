import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { personalWith } from '../../platform/personal.js'
import { seededChance } from '../../platform/time/chance.js'
import { systemClock } from '../../platform/time/clock.js'
import { toldAddresses } from '../../schema/address.js'
import { membersEvent } from '../../schema/events/members.js'
import { ANONYMOUS, type Identity } from '../../schema/identity.js'
import { counting } from '../../test/support/counting.js'
import { eachMigrated } from '../../test/support/databases.js'
import {
  aMembersHouse,
  ANN,
  BOB,
  codeOf,
  OPERATOR,
  SECRETS,
  type MembersHouse,
} from '../../test/support/members-house.js'
import { MEMBERS } from '../../test/support/standing.js'
import { sealClear } from './flow/seal-addresses.js'
import { tellUntold } from './flow/tell-addresses.js'

const ADDRESS = { regionCode: '110105', line: '1 Sunny Street', receiver: 'Ann', phone: '+86 138 0000 0000' }

eachMigrated(MEMBERS, (open) => {
  describe('a member', () => {
    let house: MembersHouse
    beforeEach(async () => {
      house = await aMembersHouse(await open())
    })
    afterEach(() => house.stop())

    const addAddress = (who: Identity, address: object) =>
      house.ask(
        who,
        'mutation ($input: AddAddressInput!) { addAddress(input: $input) { address { id line } errors { code field message } } }',
        { input: address },
      )

    it('keeps his addresses to himself', async () => {
      await addAddress(ANN, ADDRESS)
      expect((await house.ask(ANN, '{ me { addresses { line receiver } } }')).data).toEqual({
        me: { addresses: [{ line: '1 Sunny Street', receiver: 'Ann' }] },
      })
      for (const who of [BOB, OPERATOR])
        expect(await codeOf(house.ask(who, '{ member(id: "Member:ann") { addresses { line } } }'))).toBe('FORBIDDEN')
      expect(await codeOf(house.ask(ANONYMOUS, '{ member(id: "Member:ann") { addresses { line } } }'))).toBe(
        'UNAUTHENTICATED',
      )
    })

    it('keeps an address once under a key, and refuses another under it', async () => {
      const kept = async (some: object = {}) =>
        (await addAddress(ANN, { ...ADDRESS, idempotencyKey: 'k', ...some })).data
      const first = await kept()
      expect(first).toMatchObject({ addAddress: { address: { line: ADDRESS.line }, errors: [] } })
      expect(await kept()).toEqual(first)
      expect(await kept({ line: '2 Sunny Street' })).toMatchObject({
        addAddress: { address: null, errors: [{ code: 'IDEMPOTENCY_MISMATCH' }] },
      })
      expect(await house.rowsOf('address')).toBe(1)
      await addAddress(BOB, { ...ADDRESS, idempotencyKey: 'k' })
      await addAddress(ANN, ADDRESS)
      expect(await house.rowsOf('address')).toBe(3)
    })

    it('has his addresses sealed where they lie, those too that a version before kept in clear', async () => {
      await addAddress(ANN, ADDRESS)
      await house.db.query(
        `insert into members.address (id, member_id, region_code, line, receiver, phone, created_at)
         values ('Address:old', 'Member:ann', '110105', 'Old Street', 'Old Ann', '5550199', '2020-01-01')`,
      )
      const kept = async () => JSON.stringify((await house.db.query('select * from members.address')).rows)
      const seen = async () => (await house.ask(ANN, '{ me { addresses { line receiver phone } } }')).data
      const both = await seen()
      expect(both).toEqual({
        me: {
          addresses: [
            { line: '1 Sunny Street', receiver: 'Ann', phone: '+86 138 0000 0000' },
            { line: 'Old Street', receiver: 'Old Ann', phone: '5550199' },
          ],
        },
      })
      expect(await kept()).toContain('5550199')
      const observer = counting()
      const personal = personalWith(SECRETS.key('member-address'), seededChance(5))
      await sealClear({ db: house.db, personal, observer })
      expect(observer.counted('members.addresses.sealed')).toBe(1)
      expect(await kept()).not.toMatch(/5550199|Street|Ann/)
      expect(await seen()).toEqual(both)
    })

    it('deletes an address for good, his own alone', async () => {
      const added = (await addAddress(ANN, ADDRESS)).data as { addAddress: { address: { id: string } } }
      const addressId = added.addAddress.address.id
      const remove = async (who: Identity) =>
        (
          await house.ask(
            who,
            'mutation ($input: RemoveAddressInput!) { removeAddress(input: $input) { addressId errors { code } } }',
            { input: { addressId } },
          )
        ).data
      const notFound = { removeAddress: { addressId: null, errors: [{ code: 'NOT_FOUND' }] } }
      expect(await remove(BOB)).toEqual(notFound)
      expect(await house.rowsOf('address')).toBe(1)
      expect(await remove(ANN)).toEqual({ removeAddress: { addressId, errors: [] } })
      expect(await house.rowsOf('address')).toBe(0)
      expect(await remove(ANN)).toEqual(notFound)
    })

    const outbox = async () =>
      (await house.db.query<{ body: string }>('select body from members.outbox order by tx, number')).rows
    const toldOf = async () =>
      (await outbox())
        .map(({ body }) => membersEvent(JSON.parse(body)))
        .filter((event) => event !== null && 'address' in event)
    const told = toldAddresses(SECRETS, seededChance(6))

    it('has his addresses told to orders, sealed, and that one is gone', async () => {
      const added = (await addAddress(ANN, ADDRESS)).data as { addAddress: { address: { id: string } } }
      const address = added.addAddress.address.id
      const of = { member: 'Member:ann', address }
      const [kept] = await toldOf()
      expect(kept).toMatchObject({ kind: 'members.addressKept', ...of })
      expect(told.open(Buffer.from(kept !== undefined && 'sealed' in kept ? kept.sealed : '', 'base64'), of)).toEqual(
        ADDRESS,
      )
      expect(JSON.stringify(await outbox())).not.toMatch(/Sunny|0000/)
      await house.ask(ANN, 'mutation ($id: ID!) { removeAddress(input: { addressId: $id }) { addressId } }', {
        id: address,
      })
      expect((await toldOf())[1]).toMatchObject({ kind: 'members.addressRemoved', ...of })
    })

    it('has those told, once, that a version before kept', async () => {
      await addAddress(ANN, ADDRESS)
      await house.db.query('update members.address set told = false')
      await house.db.query('delete from members.outbox')
      const observer = counting()
      const personal = personalWith(SECRETS.key('member-address'), seededChance(5))
      const ground = { db: house.db, personal, told, observer, clock: systemClock, wake: () => undefined }
      await tellUntold(ground)
      await tellUntold(ground)
      expect(observer.counted('members.addresses.told')).toBe(1)
      expect(await toldOf()).toMatchObject([{ kind: 'members.addressKept', member: 'Member:ann' }])
    })

    it('is refused an address that is none, and its number is not told', async () => {
      const { data } = await addAddress(ANN, { ...ADDRESS, phone: 'call 5550199 now' })
      expect(data).toMatchObject({
        addAddress: { address: null, errors: [{ code: 'BAD_USER_INPUT', field: 'phone' }] },
      })
      expect(JSON.stringify(data)).not.toContain('5550199')
      expect(await house.rowsOf('address')).toBe(0)
    })
  })
})

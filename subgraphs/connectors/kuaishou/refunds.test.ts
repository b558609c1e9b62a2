import { afterEach, describe, expect, it } from 'vitest'
import { eachMigrated } from '../../../test/support/databases.js'
import { KUAISHOU } from '../../../test/support/standing.js'
import { aKuaishouHouse, type KuaishouHouse } from '../../../test/support/kuaishou-house.js'
import { sellShirt, shirtIn } from '../../../test/support/kuaishou-shirt.js'
import { until } from '../../../test/support/until.js'
import { PATHS } from './connector.js'

eachMigrated(KUAISHOU, (open) => {
  let house: KuaishouHouse
  afterEach(() => house.stop())

  async function selling(): Promise<void> {
    house = await aKuaishouHouse(await open())
    await sellShirt(house)
  }
  const { theirs, ours, bought, shipped, ended } = shirtIn(() => house)
  /** Why a refund lies until a person looks at it. */
  async function whyStuck(refundId: string): Promise<string> {
    const asked = `select stuck from kuaishou.errand where kind = 'refund' and key = $1`
    return (await house.ground.db.query<{ stuck: string | null }>(asked, [refundId])).rows[0]?.stuck ?? ''
  }

  describe('a refund', () => {
    it('asked for there before shipping ends the order on both sides', async () => {
      await selling()
      const oid = await bought()
      await until(() => ours(oid)?.state === 'PAID')
      house.sandbox.faults.set(['race'])
      house.sandbox.buyers.refund(oid)
      await ended(oid, 'REFUNDED')
      expect(theirs(oid)?.status).toBe(80)
    })

    it('asked for there after the goods arrived gives the money back on both sides', async () => {
      await selling()
      const oid = await bought()
      await shipped(oid)
      house.sandbox.faults.set(['late-refund'], true)
      house.sandbox.buyers.receive(oid)
      await ended(oid, 'REFUNDED')
    })

    it('of which only a change is told is read, and given back', async () => {
      await selling()
      const oid = await bought()
      await until(() => ours(oid)?.state === 'PAID')
      await house.sandbox.messages.settled()
      house.sandbox.messages.pointTo(null)
      const refundId = house.sandbox.buyers.refund(oid)
      house.sandbox.messages.pointTo(house.doors + PATHS.push)
      const info = { refundId: BigInt(refundId), oid: BigInt(oid), status: 10 }
      house.sandbox.messages.tell('kwaishop_aftersales_updateRefund', refundId, info)
      await ended(oid, 'REFUNDED')
    })

    it('of a part is given back once, though the process died before it knew that the shop had given it', async () => {
      await selling()
      const oid = await bought()
      await until(() => ours(oid)?.state === 'PAID')
      house.shop.unanswered = 'partnerRefundPart'
      house.sandbox.buyers.refund(oid, { fen: 501 })
      await until(() => ours(oid)?.refundedMinor === 501)
      await house.restart()
      house.shop.unanswered = null
      await until(() => theirs(oid)?.refundedFen === 501)
      expect(ours(oid)).toMatchObject({ state: 'PAID', refundedMinor: 501 })
      expect(house.shop.asked.filter((name) => name === 'partnerRefundPart').length).toBeGreaterThan(1)
      const { rows } = await house.ground.db.query('select given_minor from kuaishou.refund')
      expect(rows).toEqual([{ given_minor: 501 }])
    })

    it('of a part lets the order go its way, and the one that asks for all that is left ends it', async () => {
      await selling()
      const oid = await bought()
      for (const [fen, sum] of [
        [501, 501],
        [7, 508],
      ]) {
        house.sandbox.buyers.refund(oid, { fen: fen ?? 0 })
        await until(() => theirs(oid)?.refundedFen === sum && ours(oid)?.refundedMinor === sum)
      }
      await shipped(oid)
      house.sandbox.buyers.receive(oid)
      await until(() => ours(oid)?.state === 'COMPLETED' && theirs(oid)?.status === 70)
      house.sandbox.buyers.refund(oid)
      await ended(oid, 'REFUNDED')
      expect(house.sandbox.memory.refunds.map(({ fen, status }) => [fen, status])).toEqual([
        [501, 60],
        [7, 60],
        [1482, 60],
      ])
    })

    it('of a part for goods that come back waits for a person: which pieces they are is not said', async () => {
      await selling()
      const oid = await bought(2)
      await until(() => ours(oid)?.state === 'PAID')
      const refundId = house.sandbox.buyers.refund(oid, { fen: 1990, handlingWay: 1 })
      await until(async () => (await whyStuck(refundId)).includes('a person decides'))
      expect(ours(oid)).toMatchObject({ state: 'PAID', refundedMinor: 0 })
    })

    it('that our shop will not give is rejected there with one of its reasons', async () => {
      await selling()
      const oid = await bought()
      await shipped(oid)
      const order = ours(oid)
      if (order !== undefined) order.state = 'RESERVED'
      house.sandbox.buyers.refund(oid)
      await until(() => house.sandbox.memory.refunds[0]?.status === 70)
    })

    it('given by our shop closes the order there', async () => {
      await selling()
      const oid = await bought()
      await until(() => ours(oid)?.state === 'PAID')
      await house.shop.giveBack(oid)
      await ended(oid, 'REFUNDED')
      expect(theirs(oid)?.status).toBe(80)
    })
  })
})

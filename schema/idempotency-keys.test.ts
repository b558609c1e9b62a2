import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildSchema, getNamedType, isInputObjectType, isNullableType, type GraphQLInputType } from 'graphql'
import { describe, expect, it } from 'vitest'
import { projectRoot } from '../platform/config/project-root.js'

/** Mutations without a key of their own, by why that does no harm when an answer was lost and it is asked again. */
const WITHOUT: Readonly<Record<string, readonly string[]>> = {
  'it says how something is from now on: said again it is the same': [
    ...['setDeliveryRegions', 'saveCategory', 'describeBrand', 'importProducts', 'ensureMembers', 'bindMerchant'],
    ...['setFloorPrice', 'setStock', 'muteMember', 'pinComment', 'updateRoom', 'putOnShelf', 'takeOffShelf'],
    ...['setTalkingPoint', 'setRoomPrice', 'listOnKuaishou', 'unlistFromKuaishou', 'bindWeibo'],
    ...['changePartnerCredential', 'revokePartnerCredential', 'settleKuaishouDifference', 'saveWarehouse'],
    'settlePartnerDifference',
    'fetchKuaishouOrder', // what is due is done once, whoever reads the order
  ],
  'it names the thing and a step that the thing makes once': [
    ...[
      'openCampaign',
      'closeCampaign',
      'closePriceOffer',
      'closeFlashSale',
      'closePreSale',
      'closeSubsidySession',
      'closeDraw',
    ],
    ...['goLive', 'endRoom', 'cancelOrder', 'shipOrder', 'confirmReceipt', 'shipParcel', 'receiveParcel'],
    ...['submitToPool', 'startPoolTest', 'decidePoolTest', 'retestPoolEntry', 'withdrawFromPool', 'pickFromPool'],
    ...[
      'requestSample',
      'answerSample',
      'compareKuaishouDay',
      'comparePartnerDay',
      'redeliverDeadLetters',
      'scheduleLaunch',
      'removeAddress',
    ],
  ],
  'there is one for each asker: asked again it is that one': [
    ...['enrol', 'enrolInfluencers', 'takeLink', 'reserveLaunch', 'joinDraw', 'takeQueueTicket', 'waitForFlashSale'],
    ...['stopWaiting', 'postLink'],
  ],
  "the partner's number of the order is its key": [
    ...['partnerConfirm', 'partnerCancel', 'partnerReceive', 'partnerRefund'],
  ],
  'the answer that came last is the one that holds': ['setPartnerWebhook'],
  'it is a sign that is counted by the second, and one more is nothing': ['likeRoom', 'watchRoom'],
}

const schema = buildSchema(readFileSync(join(projectRoot(), 'schema/api.graphql'), 'utf8'))
const mutations = Object.values(schema.getMutationType()?.getFields() ?? {})

function takesKey({ args }: (typeof mutations)[number], as: (key: GraphQLInputType) => boolean = () => true): boolean {
  return args.some(({ type }) => {
    const input = getNamedType(type)
    const key = isInputObjectType(input) ? input.getFields()['idempotencyKey'] : undefined
    return key !== undefined && as(key.type)
  })
}

describe('a mutation', () => {
  it('R01 takes an idempotency key, or is named here with the reason why not', () => {
    const without = mutations.filter((mutation) => !takesKey(mutation)).map(({ name }) => name)
    expect(without.sort()).toEqual(Object.values(WITHOUT).flat().sort())
  })

  it('that makes another thing each time takes one, which may be left out', () => {
    const maybeKeyed = mutations.filter((mutation) => takesKey(mutation, isNullableType)).map(({ name }) => name)
    expect(maybeKeyed).toEqual(
      expect.arrayContaining([
        ...['draftCampaign', 'addAddress', 'openPriceOffer', 'issueCoupons', 'openFlashSale', 'addToSubsidySession'],
        ...['scheduleRoom', 'postComment', 'gradeProduct'],
      ]),
    )
  })

  it('that moves money, goods or secrets takes one', () => {
    const keyed = mutations.filter((mutation) => takesKey(mutation)).map(({ name }) => name)
    expect(keyed).toEqual(
      expect.arrayContaining([
        ...['placeOrder', 'payOrder', 'refundOrder', 'refundOrderLines', 'cancelOrderLines', 'claimCoupon'],
        ...['requestReturn', 'moveReturn', 'inspectReturn', 'proposeHostDeal', 'moveHostDeal', 'openSubsidySession'],
        ...[
          'partnerPlaceOrder',
          'partnerCancelLines',
          'partnerRefundPart',
          'partnerRequestReturn',
          'partnerMoveReturn',
          'partnerReportDay',
        ],
        ...['openDraw', 'issuePartnerCredential', 'rotatePartnerSecret'],
      ]),
    )
  })
})

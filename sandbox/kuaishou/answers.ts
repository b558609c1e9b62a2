import { jsonAnswer, type DoorAnswer } from '../../platform/http/door.js'
import { writeExact } from '../../platform/exact-json.js'

/** A business answer "no": the envelope's `result` and text. */
export class Refused extends Error {
  readonly result: number

  constructor(result: number, text: string) {
    super(text)
    this.name = 'Refused'
    this.result = result
  }
}

/** The refusals whose number or text is the platform's own, and those we had to choose (see README). */
export const refusals = {
  stockShort: () => new Refused(21, '当前库存不足，请减少预留数量'),
  stateForbids: () => new Refused(21, 'order operation reject'),
  banned: () => new Refused(21, '商品已被平台下架'),
  revoked: () => new Refused(24, 'AUTHORIZATION_REVOKED'),
  account: () => new Refused(26, '主账号不存在'),
  signature: () => new Refused(28, 'sign invalid'),
  parameter: (text: string) => new Refused(22, `param invalid: ${text}`),
  method: (name: string) => new Refused(22, `method not found: ${name}`),
  qps: (api: string, appKey: string, most: number) =>
    new Refused(1016, `Exceed qps limit, KEY [apiId:${api};appkey:${appKey}], MAX_QPS [${most.toFixed(1)}]`),
  quota: (appKey: string) => new Refused(1017, `Exceed quota limit, KEY [appkey:${appKey}]`),
  testUserQuota: (appKey: string, user: string) =>
    new Refused(1017, `Exceed quota limit, KEY [appkey:${appKey};primaryUserId:${user}]`),
  userQuota: (api: string, user: string) =>
    new Refused(1017, `[1017] exceed quota limit,[apiId:${api};primaryUserId:${user}]`),
  refund: (code: number, text: string) => new Refused(code, text),
}

/** The platform's envelope around what a call gave. */
export function accepted(data: unknown, requestId: string): DoorAnswer {
  return exactAnswer({ result: 1, error_msg: 'success', data, requestId })
}

/** The same around a refusal; the status stays 200, as the platform has it. */
export function refused(error: Refused, requestId: string): DoorAnswer {
  return exactAnswer({ result: error.result, data: null, error_msg: error.message, requestId })
}

/** JSON whose ids are numbers, also beyond 2^53. */
export function exactAnswer(body: unknown): DoorAnswer {
  return { ...jsonAnswer(200, null), body: writeExact(body) }
}

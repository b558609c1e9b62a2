import type { DoorAnswer } from '../../platform/http/door.js'
import { writeExact } from '../../platform/exact-json.js'

/** The network's own refusals, by their numbers, with the words that it uses. */
const WORDS = {
  10001: 'System error!',
  10006: 'source paramter(appkey) is missing',
  10007: 'Unsupport mediatype (%s)!',
  10014: 'Insufficient app permissions!',
  10016: 'Miss required parameter (%s)!',
  10017: "Parameter (status)'s value invalid, expect (a text without a topic)!",
  10020: 'Request Api not found!',
  10022: 'IP requests out of rate limit!',
  10023: 'User requests out of rate limit!',
  10024: 'User requests for (%s) out of rate limit!',
  20001: 'IDs is null!',
  20003: 'User does not exists!',
  20008: 'Content is null!',
  20009: 'IDs is too many!',
  20012: 'Text too long, please input text less than 140 characters!',
  20018: 'Contain illegal website!',
  20019: 'Repeat content!',
  20032: 'Update success, while server slow now, please wait 1-2 minutes!',
  20101: 'Target weibo does not exist!',
  21301: 'Auth faild!',
  21321: 'Applications over the unaudited use restrictions!',
  21327: 'Token expired!',
  21501: 'Urls is null!',
  21502: 'Urls is too many!',
} as const

/** One of the numbers above. */
export type RefusalCode = keyof typeof WORDS

/** Thrown by an endpoint; its door says it in the network's form. */
export class Refused extends Error {
  readonly code: RefusalCode

  constructor(code: RefusalCode, part = '') {
    super(WORDS[code].replace('%s', part))
    this.name = 'Refused'
    this.code = code
  }
}

/** Refused for want of rights or within limits is 403, all else 400. */
export function refusal({ code, message }: Refused, request: string, asText: boolean): DoorAnswer {
  const forbidden = code === 10014 || code === 21301 || (code >= 10022 && code <= 10024)
  return answered({ error: message, error_code: asText ? String(code) : code, request }, forbidden ? 403 : 400)
}

/** An answer in JSON; a bigint in it is a number on the wire, as the network writes its ids. */
export function answered(body: unknown, status = 200): DoorAnswer {
  return { status, headers: { 'content-type': 'application/json;charset=UTF-8' }, body: writeExact(body) }
}

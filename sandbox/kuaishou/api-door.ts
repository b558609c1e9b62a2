import { jsonAnswer, type Door, type DoorAnswer, type DoorRequest } from '../../platform/http/door.js'
import { Failure } from '../../platform/failure.js'
import { accepted, refusals, Refused, refused } from './answers.js'
import type { Api } from './api.js'
import { isGranted } from './oauth.js'
import { readParam } from './read-param.js'
import { isSigned } from './signing.js'
import { nowOf, type World } from './world.js'

/** How far a call's time may be from ours; the platform's own figure is not public. */
const CLOCK_MS = 10 * 60_000

/** What every door of the API works with. */
interface DoorParts {
  readonly world: World
  readonly count: (api: string) => void
  readonly heard: (method: string, param: string) => void
}

/** call -> signature -> time -> token -> limits -> param -> work -> envelope; nothing is looked at before the signature. */
export function apiDoor(name: string, api: Api, { world, count, heard }: DoorParts): Door {
  return {
    method: api.verb,
    path: `/${name.replaceAll('.', '/')}`,
    answer: (request) => {
      const requestId = world.chance.uuid()
      const params = paramsOf(api, request)
      return Promise.resolve(answerOf(() => work(params), requestId))
    },
  }

  function work(params: ReadonlyMap<string, string>): unknown {
    if (!isSigned(params, world.app.signSecret)) throw refusals.signature()
    if (params.get('appkey') !== world.app.appKey) throw refusals.account()
    if (params.get('method') !== name || params.get('version') !== '1')
      throw refusals.method(params.get('method') ?? '')
    if (!(Math.abs(nowOf(world) - Number(params.get('timestamp'))) < CLOCK_MS)) throw refusals.parameter('timestamp')
    if (world.memory.revoked || !isGranted(world, params.get('access_token'))) throw refusals.revoked()
    heard(name, params.get('param') ?? '')
    count(name)
    const done = api.run(world, readParam(params.get('param')))
    if (api.writes && world.faults.happens('lost-answer')) throw new LostAnswer()
    return done
  }
}

class LostAnswer extends Error {}

function answerOf(work: () => unknown, requestId: string): DoorAnswer {
  try {
    return accepted(work(), requestId)
  } catch (error) {
    if (error instanceof Refused) return refused(error, requestId)
    if (error instanceof Failure) return refused(refusals.parameter(error.message), requestId)
    if (error instanceof LostAnswer) return jsonAnswer(504, 'gateway timeout')
    throw error
  }
}

/** A GET bears everything in its address, a POST in its form; a parameter that comes twice counts as its last. */
function paramsOf(api: Api, { query, body }: DoorRequest): ReadonlyMap<string, string> {
  const form = api.verb === 'POST' ? new URLSearchParams(Buffer.from(body).toString('utf8')) : []
  return new Map([...query, ...form])
}

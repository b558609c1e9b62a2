import { Failure } from '../../platform/failure.js'
import type { Door, DoorAnswer } from '../../platform/http/door.js'
import { pause } from '../../platform/time/clock.js'
import type { Ground } from '../host/subgraph.js'
import type { Answer, Connector } from './connector.js'

/**
 * bytes in -> verify -> answer, or what is said when it is late. The answer goes on when its time is over: what it did
 * is in rows, and the connector's errands put it right.
 */
export function answerDoor(answer: Answer, { partner }: Connector, { clock, observer }: Ground): Door {
  return {
    method: 'POST',
    path: answer.path,
    answer: async (request) => {
      const bytes = answer.verify(request)
      const begun = clock.monotonicMs()
      const ours = answer.answer(bytes).catch((error: unknown) => failed(error))
      const said = await Promise.race([ours, pause(clock, answer.withinMs).then(() => null)])
      observer.time('connector.answered', (clock.monotonicMs() - begun) / 1000, { partner })
      if (said === null) observer.count('connector.late', { partner })
      return said ?? answer.late
    },
  }

  function failed(error: unknown): DoorAnswer {
    if (error instanceof Failure && error.code === 'BAD_USER_INPUT') throw error
    observer.log('error', 'a partner was not answered', { partner, error })
    return answer.late
  }
}

import type { Door } from '../../platform/http/door.js'
import type { Apply } from './apply.js'
import type { Push } from './connector.js'

/** bytes in -> verify -> translate -> apply -> thanks, before any work starts. What is refused stores nothing. */
export function pushDoor(push: Push, apply: Apply): Door {
  return {
    method: 'POST',
    path: push.path,
    answer: async (request) => {
      const facts = push.translate(push.verify(request))
      if (facts.length > 0) await apply(facts)
      return push.thanks
    },
  }
}

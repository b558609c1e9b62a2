import type { Observer } from '../../platform/observe/observer.js'
import type { SubgraphAnswer, SubgraphRequest, Subgraphs } from '../fetch/ask-subgraph.js'
import { copied } from '../merge/merge-answer.js'
import { questionKey, variablesOf } from './twins.js'

/** Who waits for an answer. */
interface Waiting {
  readonly give: (answer: SubgraphAnswer) => void
  readonly refuse: (error: unknown) => void
}

/** One question and all who ask it. */
interface Question {
  readonly request: SubgraphRequest
  readonly waiting: Waiting[]
}

/**
 * Equal questions of equal askers that are asked in one turn of the event loop are asked once, at its end. Never later: whoever asks
 * then may have heard of a fact that is younger than an answer on its way.
 */
export function askedOnceInATurn(subgraphs: Subgraphs, observer: Observer): Subgraphs {
  let asked = new Map<string, Question>()

  function askAll(): void {
    const questions = asked
    asked = new Map()
    for (const question of questions.values()) void answered(subgraphs, question)
  }

  return {
    subscribe: (request) => subgraphs.subscribe(request),
    ask: (request, span) => {
      if (request.kind !== 'query' || request.context.signal !== null) return subgraphs.ask(request, span)
      return new Promise((give, refuse) => {
        if (asked.size === 0) setImmediate(askAll)
        const key = questionKey(request, variablesOf(request))
        const known = asked.get(key)
        if (known === undefined) asked.set(key, { request, waiting: [{ give, refuse }] })
        else {
          observer.count('live.fetchesShared', { subgraph: request.subgraph })
          known.waiting.push({ give, refuse })
        }
      })
    },
  }
}

/** Each goes on filling his own tree, so that each but the last gets a copy. */
async function answered(subgraphs: Subgraphs, { request, waiting }: Question): Promise<void> {
  try {
    const answer = await subgraphs.ask(request)
    const last = waiting.length - 1
    for (const [at, { give }] of waiting.entries())
      give(at === last ? answer : { ...answer, data: copied(answer.data) })
  } catch (error) {
    for (const { refuse } of waiting) refuse(error)
  }
}

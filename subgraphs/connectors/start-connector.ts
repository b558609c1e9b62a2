import { consume } from '../../platform/bus/consume.js'
import type { Door } from '../../platform/http/door.js'
import type { Ground } from '../host/subgraph.js'
import { answerDoor } from './answer.js'
import { applyTo, type Apply } from './apply.js'
import type { Connector, Follow } from './connector.js'
import { putErrands } from './errands.js'
import { startRunner, type Runner } from './follow.js'
import { askAll, startPoll } from './poll.js'
import { pushDoor } from './push.js'

/** A connector at work. */
export interface RunningConnector {
  readonly doors: readonly Door[]
  readonly apply: Apply
  /** Errands were written elsewhere (a mutation): do them now. */
  wake(): void
  /** Asks every poll once, then does every errand that is due; for tests. */
  settle(): Promise<void>
  stop(): Promise<void>
}

const nobody: Runner = { wake() {}, drain: () => Promise.resolve(), stop: () => Promise.resolve() }

/** Puts together what a connector has: doors, polls, readers of our topics and the runner of its errands. Its tables must stand. */
export function startConnector(connector: Connector, ground: Ground): RunningConnector {
  const { follow, push, answer, polls = [] } = connector
  const runner = follow === undefined ? nobody : startRunner(connector, follow, ground)
  const apply = applyTo(connector, ground, () => runner.wake())
  const readers = follow === undefined ? [] : readTopics(connector, follow, { ground, runner })
  const stops = polls.map((poll) => startPoll(poll, connector, { ground, apply }))
  return {
    doors: [
      ...(push === undefined ? [] : [pushDoor(push, apply)]),
      ...(answer === undefined ? [] : [answerDoor(answer, connector, ground)]),
    ],
    apply,
    wake: () => runner.wake(),
    settle: async () => {
      for (const poll of polls) await askAll(poll, connector, { ground, apply })
      await runner.drain()
    },
    stop: async () => {
      await Promise.all([...stops, ...readers].map((stop) => stop()))
      await runner.stop()
    },
  }
}

function readTopics(connector: Connector, follow: Follow, { ground, runner }: { ground: Ground; runner: Runner }) {
  const { db, bus, clock, observer } = ground
  const schema = connector.partner
  return follow.topics.map((topic) =>
    consume({
      ...{ db, bus, clock, observer, schema, topic },
      consumer: schema,
      apply: async (tx, events) => {
        const errands = await follow.hear(tx, topic, events)
        await putErrands(tx, schema, { errands, ground })
        // The row is seen once this transaction has committed: the runner looks again by itself, this only saves time.
        if (errands.length > 0) clock.after(5, () => runner.wake())
      },
    }),
  )
}

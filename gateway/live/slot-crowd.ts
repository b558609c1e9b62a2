import type { Observer } from '../../platform/observe/observer.js'
import { FAILURES } from '../../schema/failures.js'
import type { FetchContext, Subgraphs } from '../fetch/ask-subgraph.js'
import { askSlots } from './ask-slots.js'
import type { SharedAnswer } from './shared-answer.js'
import type { Sink } from './sink.js'
import { SlottedAnswer } from './slotted-answer.js'
import type { Slot, Slotted } from './slots.js'

/** What the slots of a group are filled with, and for whom. */
export interface SlotCrowdOptions {
  readonly subgraphs: Subgraphs
  readonly observer: Observer
  /** The member behind a line, as his token was verified; null for everybody else. */
  readonly memberOf: (viewer: Sink) => string | null
}

/** Who came while others' values were asked is asked for once more; who comes later still has none of this event. */
const ROUNDS = 2

/** Fills the slots of a group's answers: one question for all its members, and each is told his own values. */
export class SlotCrowd {
  readonly #slotted: Slotted
  readonly #options: SlotCrowdOptions

  constructor(slotted: Slotted, options: SlotCrowdOptions) {
    this.#slotted = slotted
    this.#options = options
  }

  /** One answer for each member and those who watch as him; null when the event has no slots, and is the same for all. */
  async told(
    { body, cursor }: SharedAnswer,
    viewers: ReadonlySet<Sink>,
    context: FetchContext,
  ): Promise<ReadonlyMap<SharedAnswer, readonly Sink[]> | null> {
    const answer = SlottedAnswer.read(body, this.#slotted, cursor)
    if (answer.holes.length === 0) return null
    const values = new Map<string, readonly string[]>()
    const failed = new Set<Slot>()
    for (let round = 0; round < ROUNDS; round++) {
      const members = this.#membersOf(viewers).filter((member) => !values.has(member))
      if (members.length === 0) break
      this.#options.observer.count('live.slots.asked')
      const got = await askSlots(this.#options, answer.holes, { members, context })
      for (const [member, texts] of got.of) values.set(member, texts)
      for (const slot of got.failed) failed.add(slot)
    }
    return this.#grouped(answer, viewers, { values, failed })
  }

  #grouped(
    answer: SlottedAnswer,
    viewers: ReadonlySet<Sink>,
    { values, failed }: { readonly values: ReadonlyMap<string, readonly string[]>; readonly failed: ReadonlySet<Slot> },
  ): ReadonlyMap<SharedAnswer, readonly Sink[]> {
    const ofMembers = failed.size === 0 ? answer : answer.failing(failed, NOT_FILLED)
    const byMember = new Map<string | null, { readonly answer: SharedAnswer; readonly viewers: Sink[] }>()
    for (const viewer of viewers) {
      const member = this.#options.memberOf(viewer)
      const known = byMember.get(member)
      if (known !== undefined) known.viewers.push(viewer)
      else byMember.set(member, { answer: this.#answerFor(member, { answer, ofMembers, values }), viewers: [viewer] })
    }
    return new Map([...byMember.values()].map((one) => [one.answer, one.viewers]))
  }

  #answerFor(
    member: string | null,
    from: {
      readonly answer: SlottedAnswer
      readonly ofMembers: SlottedAnswer
      readonly values: ReadonlyMap<string, readonly string[]>
    },
  ): SharedAnswer {
    if (member === null) return from.answer.filled([])
    const values = from.values.get(member)
    if (values !== undefined) return from.ofMembers.filled(values)
    return from.answer.failing(new Set(this.#slotted.slots), NOT_FILLED).filled([])
  }

  #membersOf(viewers: ReadonlySet<Sink>): readonly string[] {
    const members = new Set<string>()
    for (const viewer of viewers) {
      const member = this.#options.memberOf(viewer)
      if (member !== null) members.add(member)
    }
    return [...members]
  }
}

const NOT_FILLED = {
  message: FAILURES.SUBGRAPH_UNAVAILABLE,
  extensions: { code: 'SUBGRAPH_UNAVAILABLE' },
} as const

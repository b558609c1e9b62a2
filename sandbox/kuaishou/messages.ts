import { call } from '../../platform/http/call.js'
import type { Observer } from '../../platform/observe/observer.js'
import { writeExact } from '../../platform/exact-json.js'
import { encryptMessage } from './message-cipher.js'
import { nextId, nowOf, type World } from './world.js'

/** After a failed try: five more, so many minutes later each; then only by hand. */
const RETRY_MINUTES = [5, 10, 20, 30, 60] as const
const ANSWER_MS = 3_000
const LONGEST_HOLD_MS = 2_000

/** The platform's messages on their way to the app. */
export interface Messages {
  tell(event: string, bizId: string, info: Readonly<Record<string, unknown>>): void
  /** Sends the heartbeat; whether it was answered as it must be. */
  beat(): Promise<boolean>
  /** Where messages go from now on; null pauses them (they are lost). */
  pointTo(url: string | null): void
  /** Resolves when no message is under way (those held for a retry are not waited for). */
  settled(): Promise<void>
}

/** tell -> (lost, held, repeated by fault) -> encrypt -> POST -> {"result":1} in three seconds, or again in minutes. */
export function messagesOf(world: () => World, observer: Observer): Messages {
  let target: string | null = null
  const underWay = new Set<Promise<unknown>>()

  return {
    tell(event, bizId, info) {
      const { faults, chance } = world()
      if (target === null || faults.happens('lose')) return
      const body = message(world(), event, { bizId, info })
      if (faults.happens('heartbeat')) start(0, '{"test":true}')
      start(faults.happens('disorder') ? Math.floor(chance.fraction() * LONGEST_HOLD_MS) : 0, body)
      if (faults.happens('repeat')) start(Math.floor(chance.fraction() * LONGEST_HOLD_MS), body)
    },
    beat: () => post('{"test":true}'),
    pointTo: (url) => (target = url),
    settled: async () => {
      while (underWay.size > 0) await Promise.all(underWay)
    },
  }

  function start(inMs: number, body: string): void {
    const sent = new Promise<void>((resolve) => {
      world().clock.after(inMs, () => void trySending(body, 0).finally(resolve))
    })
    underWay.add(sent)
    void sent.finally(() => underWay.delete(sent))
  }

  async function trySending(body: string, tries: number): Promise<void> {
    if (await post(body)) return
    const minutes = RETRY_MINUTES[tries]
    observer.log('debug', 'a message was not taken', { tries })
    if (minutes !== undefined) world().clock.after(minutes * 60_000, () => void trySending(body, tries + 1))
  }

  async function post(json: string): Promise<boolean> {
    if (target === null) return false
    try {
      const answer = await call({
        url: target,
        method: 'POST',
        headers: { 'content-type': 'text/plain;charset=utf-8' },
        body: encryptMessage(json, world().app.messageKey),
        timeoutMs: ANSWER_MS,
        mostBytes: 10_000,
      })
      return answer.status === 200 && /"result"\s*:\s*1\b/.test(answer.body.toString('utf8'))
    } catch {
      return false // not reached, or too late: the platform sees no difference
    }
  }
}

function message(world: World, event: string, { bizId, info }: { bizId: string; info: object }): string {
  return writeExact({
    eventId: `267_${nextId(world)}`,
    bizId: BigInt(bizId),
    userId: world.seller.sellerId,
    openId: world.seller.openId,
    appKey: world.app.appKey,
    event,
    info: writeExact(info),
    createTime: nowOf(world),
    test: false,
  })
}

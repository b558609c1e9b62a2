import { createHmac } from 'node:crypto'
import { call } from '../../platform/http/call.js'
import type { Observer } from '../../platform/observe/observer.js'
import type { Clock } from '../../platform/time/clock.js'
import type { Charge } from './charges.js'
import type { Faults } from './faults.js'

/** Where results are told, and how. */
export interface NoticeOptions {
  readonly secret: string
  readonly clock: Clock
  readonly observer: Observer
  readonly faults: Faults
  /** How long after its usual moment a late result is told. */
  readonly lateMs: number
}

/** Tells the shop what became of its charges. */
export interface Notices {
  /** The shop's door; null: nobody is told. */
  pointTo(url: string | null): void
  tell(charge: Charge): void
  /** Sends no more. */
  stop(): void
}

/** After how many seconds a notice that was not taken is sent again; then it is given up. */
const AGAIN_AFTER_SECONDS = [1, 2, 4, 8, 16, 32, 64]

export function noticesOf({ secret, clock, observer, faults, lateMs }: NoticeOptions): Notices {
  let hook: string | null = null
  let stopped = false
  let number = 0

  function tell(charge: Charge): void {
    if (faults.happens('lost')) return
    if (faults.happens('contradictory'))
      send({ ...charge, state: charge.state === 'succeeded' ? 'declined' : 'succeeded' }, 0)
    const after = faults.happens('late') ? lateMs : 0
    send(charge, after)
    if (faults.happens('repeated')) send(charge, after + 10)
  }

  function send(charge: Charge, afterMs: number): void {
    const id = `ev_${++number}`
    clock.after(afterMs, () => void deliver(notice(id, charge), 0))
  }

  function notice(id: string, charge: Charge): string {
    return JSON.stringify({ id, type: `charge.${charge.state}`, at: clock.now().toISOString(), charge })
  }

  async function deliver(body: string, attempt: number): Promise<void> {
    if (hook === null || stopped) return
    if (await taken(hook, body)) return
    observer.count('notice.not_taken')
    const seconds = AGAIN_AFTER_SECONDS[attempt]
    if (seconds !== undefined) clock.after(seconds * 1000, () => void deliver(body, attempt + 1))
  }

  /** The signature is made anew each time: it says when the bytes were sent. */
  async function taken(url: string, body: string): Promise<boolean> {
    const headers = {
      'content-type': 'application/json',
      'payment-signature': signature(secret, String(clock.now().getTime()), body),
    }
    try {
      const { status } = await call({ url, method: 'POST', headers, body, timeoutMs: 5000, mostBytes: 65_536 })
      return status >= 200 && status < 300
    } catch {
      return false
    }
  }

  return { pointTo: (url) => (hook = url), tell, stop: () => (stopped = true) }
}

/** `t=<milliseconds>,v1=<HMAC-SHA256 of "t.body" in hex>`. */
export function signature(secret: string, at: string, body: string): string {
  return `t=${at},v1=${createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')}`
}

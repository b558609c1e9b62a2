import { until } from '../../test/support/until.js'
import type { Endpoint } from './endpoint.js'
import { WaitingMember } from './waiting-member.js'

/** Members who open their sockets at the same moment. */
const AT_ONCE = 200

/** One telling, as it reached the members. */
export interface Telling {
  readonly first: number
  last: number
  heard: number
  /** The highest number that was let in: the same for all who wait, or somebody was told what is not his. */
  readonly admitted: Set<number>
}

/** Everybody who waits; member `n` holds number `n + 1`. */
export class Line {
  readonly #waiting: number
  readonly #members: WaitingMember[] = []
  readonly #positions: number[]
  readonly #failed: string[] = []
  #known = 0
  #inside = 0
  #tellings: Telling[] = []
  #isCounting = false

  constructor(waiting: number) {
    this.#waiting = waiting
    this.#positions = Array<number>(waiting).fill(-1)
  }

  get isInside(): boolean {
    return this.#inside === this.#waiting
  }

  get tellings(): readonly Telling[] {
    return this.#tellings
  }

  get failed(): readonly string[] {
    return this.#failed
  }

  /** Resolves when each knows his place. A line that stands tells nobody anything, so it is looked at when the last has come. */
  async join(shop: Endpoint, flashSale: string): Promise<void> {
    const tokens = await shop.tokens()
    const told = {
      position: (member: number, nth: number, position: number | null) => this.#told(member, nth, position),
      failed: (member: number, why: string) => void this.#failed.push(`${member}: ${why}`),
    }
    for (let member = 0; member < this.#waiting; member++) {
      this.#members.push(new WaitingMember({ member, port: shop.port, token: tokens[member] ?? '', flashSale, told }))
      if (member % AT_ONCE === AT_ONCE - 1) await new Promise((resolve) => setTimeout(resolve, 50))
    }
    await until(() => this.#known === this.#waiting, 'everybody to know his place')
    for (const member of this.#members) member.countAnew()
    this.#isCounting = true
  }

  leave(): void {
    for (const member of this.#members) member.leave()
  }

  #told(member: number, nth: number, position: number | null): void {
    const at = performance.now()
    const before = this.#positions[member] ?? -1
    if (before === -1) this.#known++
    if (position === null || (before !== -1 && position > before))
      this.#failed.push(`${member}: ${before}, then ${position ?? 'none'}`)
    this.#positions[member] = position ?? 0
    if (!this.#isCounting) return
    const telling = (this.#tellings[nth] ??= { first: at, last: at, heard: 0, admitted: new Set() })
    telling.last = at
    telling.heard++
    if (position !== 0) telling.admitted.add(member + 1 - (position ?? 0))
    else if (before !== 0) this.#inside++
  }
}

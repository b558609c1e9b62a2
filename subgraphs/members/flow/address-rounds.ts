import { repeat } from '../../../platform/time/clock.js'
import { sealClear } from './seal-addresses.js'
import { tellUntold, type TellingGround } from './tell-addresses.js'

const EVERY_MS = 60_000

/**
 * Seals at once what stands in clear and tells what was never told, and looks again every minute: a process of the version before may
 * still write. Stopping waits for the turn under way.
 */
export function startAddressRounds(ground: TellingGround): () => Promise<void> {
  const turn = () =>
    sealClear(ground)
      .then(() => tellUntold(ground))
      .catch((error: unknown) =>
        ground.observer.log('warn', 'addresses stand in clear, or are not told, for now', { fault: String(error) }),
      )
  let running = turn()
  const cancel = repeat(ground.clock, EVERY_MS, () => (running = turn()))
  return async () => {
    cancel()
    await running
  }
}

import type { MetricsPage } from '../edge/status.js'
import { primaryMessage, type WorkerMessage } from './messages.js'

/** A worker's way to the process above it. */
export interface AboveWorker {
  /** Every worker's figures on one page, whichever worker was asked. */
  readonly metrics: MetricsPage
  ready(url: string): void
}

/** Answers for its own page, and asks for everybody's. */
export function aboveWorker(own: MetricsPage): AboveWorker {
  const waiting = new Map<number, (page: string) => void>()
  let asked = 0
  process.on('message', (sent) => {
    const message = primaryMessage(sent)
    if (message.type === 'page') {
      waiting.get(message.id)?.(message.page)
      waiting.delete(message.id)
    } else void own().then(({ body }) => say({ type: 'counted', id: message.id, page: body }))
  })
  return {
    async metrics() {
      const { type } = await own()
      const id = ++asked
      const body = await new Promise<string>((resolve) => {
        waiting.set(id, resolve)
        say({ type: 'wanted', id })
      })
      return { type, body }
    },
    ready: (url) => say({ type: 'ready', url }),
  }
}

function say(message: WorkerMessage): void {
  process.send?.(message)
}

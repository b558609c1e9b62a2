import type { Observer } from '../../platform/observe/observer.js'
import type { SharedAnswer } from './shared-answer.js'
import type { Sink } from './sink.js'

/** What a slow viewer costs at most, and what he is told. */
export interface FanOutOptions {
  /** The most bytes that may wait in one viewer's line. */
  readonly mostBacklog: number
  readonly observer: Observer
}

/** One answer -> every line, once. A viewer whose line is full is let go: he never slows the others and never costs more than his bound. */
export function fanOut(answer: SharedAnswer, viewers: Iterable<Sink>, { mostBacklog, observer }: FanOutOptions): void {
  let delivered = 0
  let dropped = 0
  for (const viewer of viewers) {
    if (viewer.backlog() > mostBacklog) {
      viewer.drop('reads too slowly')
      dropped++
      continue
    }
    viewer.next(answer)
    delivered++
  }
  if (delivered > 0) observer.count('live.delivered', {}, delivered)
  if (dropped > 0) observer.count('live.dropped', { reason: 'slow' }, dropped)
}

import type { Observer } from '../../platform/observe/observer.js'
import type { Sink } from './sink.js'
import type { SlowLines, Told } from './slow-lines.js'

/** What a slow viewer costs at most, and what he is told. */
export interface FanOutOptions {
  /** The most bytes that may wait in one viewer's line. */
  readonly mostBacklog: number
  readonly observer: Observer
}

/**
 * One answer -> every line, once. A viewer whose line is half full is spared what will be replaced; one whose line is full is let go:
 * he never slows the others and never costs more than his bound.
 */
export function fanOut(
  told: Told,
  viewers: Iterable<Sink>,
  { mostBacklog, observer, slow }: FanOutOptions & { readonly slow: SlowLines },
): void {
  const half = mostBacklog / 2
  let delivered = 0
  let closed = 0
  for (const viewer of viewers) {
    const backlog = viewer.backlog()
    if (backlog > half || slow.any) {
      if (backlog > mostBacklog) {
        slow.forget(viewer)
        viewer.drop('reads too slowly')
        closed++
        continue
      }
      if (slow.takes(viewer, backlog, told)) continue
    }
    viewer.next(told.answer)
    delivered++
  }
  if (delivered > 0) observer.count('live.delivered', {}, delivered)
  if (closed > 0) observer.count('live.lineClosed', {}, closed)
}

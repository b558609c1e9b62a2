/** A promise, and the hand that keeps it: for what is promised before it exists. */
export interface Deferred<T> {
  readonly promise: Promise<T>
  readonly resolve: (value: T) => void
  readonly reject: (reason: Error) => void
}

export function deferred<T>(): Deferred<T> {
  const hands: { resolve?: (value: T) => void; reject?: (reason: Error) => void } = {}
  const promise = new Promise<T>((resolve, reject) => Object.assign(hands, { resolve, reject }))
  return { promise, resolve: (value) => hands.resolve?.(value), reject: (reason) => hands.reject?.(reason) }
}

/** A place in a trace: a piece of work with its beginning and its end. */
export interface Span {
  /** Begins a piece of this work. */
  begin(name: string, facts?: Facts): Span
  /** Adds what became known on the way. */
  note(facts: Facts): void
  /** Over; `failure` is the code of what went wrong. */
  end(failure?: string): void
  /** W3C Trace Context: the headers by which whoever is asked goes on with the trace. */
  readonly headers: Readonly<Record<string, string>>
}

/** What is told of a span: never a secret, a token or a person's name. */
export type Facts = Readonly<Record<string, string | number | boolean>>

/** Does a piece of work as a span of its own; where there is no trace, it only does the work. */
export function within<T>(whole: Span | null, name: string, work: () => T): T {
  if (whole === null) return work()
  const span = whole.begin(name)
  try {
    return work()
  } finally {
    span.end()
  }
}

/** Labels must come from a bounded set: a member's id is not a label. */
export type Labels = Readonly<Record<string, string>>

/** Where a part tells what it does. Names are of the form `fetch.sent`; the same name always bears the same label keys. */
export interface Observer {
  count(name: string, labels?: Labels, by?: number): void
  /** A duration in seconds, into a histogram. */
  time(name: string, seconds: number, labels?: Labels): void
  /** The newest value of something that goes up and down. */
  gauge(name: string, value: number, labels?: Labels): void
  /** JSON lines; never a secret, a signature, a buyer's name or address. */
  log(level: 'debug' | 'info' | 'warn' | 'error', message: string, fields?: Readonly<Record<string, unknown>>): void
}

/** Hears nothing; for tests. */
export const silent: Observer = { count() {}, time() {}, gauge() {}, log() {} }

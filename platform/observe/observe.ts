import { pino } from 'pino'
import { logLines } from './log-lines.js'
import { metrics, type Metrics } from './metrics.js'
import type { Observer } from './observer.js'

/** Levels of the log; `silent` writes nothing. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

const STDERR = 2

/** What never reaches the log, wherever it stands: secrets, signatures, and who a buyer is and where he lives. */
const HIDDEN = [
  'authorization',
  'cookie',
  'token',
  'secret',
  'sign',
  'signature',
  'address',
  'phone',
  'receiver',
  'nickname',
]

/** An observer with what only its process needs of it. */
export interface ProcessObserver extends Observer {
  readonly metrics: Metrics
  /** Before the process ends: resolves when the log is out. */
  flush(): Promise<void>
}

/** The most characters of the log that wait for whoever reads stderr. */
const MOST_WAITING = 4_194_304

/** The observer of a process: JSON lines on stderr (pino), figures in a registry that `/metrics` prints. */
export function observe({ level, part }: { readonly level: LogLevel; readonly part: string }): ProcessObserver {
  const figures = metrics()
  const paths = HIDDEN.flatMap((name) => [name, `*.${name}`])
  const lines = logLines(process.stderr, MOST_WAITING, () => figures.count('log.dropped'))
  process.once('exit', () => lines.flushNow(STDERR)) // also after a crash
  const log = pino(
    { level, base: { part }, redact: { paths, censor: '[hidden]' }, serializers: { error: told, cause: told } },
    lines,
  )
  return {
    metrics: figures,
    flush: () => lines.flush(),
    count: (name, labels, by) => figures.count(name, labels, by),
    time: (name, seconds, labels) => figures.time(name, seconds, labels),
    gauge: (name, value, labels) => figures.gauge(name, value, labels),
    log: (severity, message, facts = {}) => log[severity](facts, message),
  }
}

/** An error with its stack and its causes; anything else as it is. */
function told(value: unknown): unknown {
  return value instanceof Error ? pino.stdSerializers.errWithCause(value) : value
}

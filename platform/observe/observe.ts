import { pino } from 'pino'
import { metrics, type Metrics } from './metrics.js'
import type { Observer } from './observer.js'

/** Levels of the log; `silent` writes nothing. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

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

/** The observer of a process: JSON lines on stderr (pino), figures in a registry that `/metrics` prints. */
export function observe({
  level,
  part,
}: {
  readonly level: LogLevel
  readonly part: string
}): Observer & { readonly metrics: Metrics } {
  const figures = metrics()
  const paths = HIDDEN.flatMap((name) => [name, `*.${name}`])
  const log = pino(
    { level, base: { part }, redact: { paths, censor: '[hidden]' }, serializers: { error: told, cause: told } },
    pino.destination({ dest: 2, sync: true }),
  )
  return {
    metrics: figures,
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

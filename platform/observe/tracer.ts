import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  createTraceState,
  isSpanContextValid,
  trace,
  type Context,
  type Span as ApiSpan,
  type Tracer as ApiTracer,
} from '@opentelemetry/api'
import type { Facts, Span } from './span.js'

/** What a request says of the trace that it belongs to; names in lower case, as Node gives them. */
export type TraceHeaders = Readonly<Record<string, string | string[] | undefined>>

/** Begins spans of requests; each goes on with the trace that its headers name. */
export interface Tracer {
  begin(name: string, headers: TraceHeaders): Span
}

/** W3C Trace Context, "traceparent Header Field Values". */
const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/

/** Spans that an OpenTelemetry tracer takes. */
export function tracerOver(tracer: ApiTracer): Tracer {
  return {
    begin(name, headers) {
      const parent = remote(headers)
      return new Tracing(tracer, tracer.startSpan(name, { kind: SpanKind.SERVER }, parent), parent)
    },
  }
}

/** The tracer of an SDK that was registered before us (`node --import`); null when there is none: then a span has no number. */
export function registeredTracer(): Tracer | null {
  const tracer = trace.getTracer('daihuo')
  const start = tracer.startSpan('daihuo.start', { root: true })
  start.end()
  return isSpanContextValid(start.spanContext()) ? tracerOver(tracer) : null
}

/** Where nobody traces, a trace goes through as it came; null when none came. */
export function passedOn({ traceparent, tracestate }: TraceHeaders): Span | null {
  if (typeof traceparent !== 'string' || !TRACEPARENT.test(traceparent)) return null
  const through: Span = {
    begin: () => through,
    note: () => undefined,
    end: () => undefined,
    headers: typeof tracestate === 'string' ? { traceparent, tracestate } : { traceparent },
  }
  return through
}

function remote({ traceparent, tracestate }: TraceHeaders): Context {
  const [, traceId, spanId, flags] = (typeof traceparent === 'string' && TRACEPARENT.exec(traceparent)) || []
  if (traceId === undefined || spanId === undefined) return ROOT_CONTEXT
  const state = typeof tracestate === 'string' ? { traceState: createTraceState(tracestate) } : {}
  const traceFlags = Number.parseInt(flags ?? '0', 16) & 1
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true, ...state })
}

/** A span and its tracer; ending it twice does no harm. */
class Tracing implements Span {
  readonly #tracer: ApiTracer
  readonly #span: ApiSpan
  readonly #context: Context
  #over = false

  constructor(tracer: ApiTracer, span: ApiSpan, parent: Context) {
    this.#tracer = tracer
    this.#span = span
    this.#context = trace.setSpan(parent, span)
  }

  begin(name: string, facts: Facts = {}): Span {
    const kind = name === 'graphql.fetch' ? SpanKind.CLIENT : SpanKind.INTERNAL
    const span = this.#tracer.startSpan(name, { kind, attributes: { ...facts } }, this.#context)
    return new Tracing(this.#tracer, span, this.#context)
  }

  note(facts: Facts): void {
    this.#span.setAttributes({ ...facts })
  }

  end(failure?: string): void {
    if (this.#over) return
    this.#over = true
    if (failure !== undefined) {
      this.#span.setStatus({ code: SpanStatusCode.ERROR, message: failure })
      this.#span.setAttribute('error.type', failure)
    }
    this.#span.end()
  }

  get headers(): Readonly<Record<string, string>> {
    const { traceId, spanId, traceFlags, traceState } = this.#span.spanContext()
    const traceparent = `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`
    const tracestate = traceState?.serialize() ?? ''
    return tracestate === '' ? { traceparent } : { traceparent, tracestate }
  }
}

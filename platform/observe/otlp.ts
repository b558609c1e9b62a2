import { tracerOver, type Tracer } from './tracer.js'

/** Where spans go. */
export interface OtlpSettings {
  /** A collector's address for traces, like `http://localhost:4318/v1/traces`. */
  readonly url: string
  /** How many of a hundred traces that begin here are told; one that comes with a request is told when its beginner tells it. */
  readonly percent: number
  /** The name of the service. */
  readonly part: string
}

/** A tracer that tells a collector, and the end of that. */
export interface Tracing {
  readonly tracer: Tracer
  /** Tells what is left. */
  stop(): Promise<void>
}

/** How long a batch may take; a collector that is gone must not hold up the end. */
const TELLING_MS = 2_000

/** Starts OpenTelemetry's SDK, which is loaded for nobody else. Spans go out in batches, as OTLP over HTTP in JSON. */
export async function openTracing({ url, percent, part }: OtlpSettings): Promise<Tracing> {
  const [sdk, { OTLPTraceExporter }, { resourceFromAttributes }] = await Promise.all([
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ])
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes({ 'service.name': part }),
    sampler: new sdk.ParentBasedSampler({ root: new sdk.TraceIdRatioBasedSampler(percent / 100) }),
    spanProcessors: [
      new sdk.BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url, timeoutMillis: TELLING_MS }) }),
    ],
  })
  return { tracer: tracerOver(provider.getTracer('daihuo')), stop: () => provider.shutdown() }
}

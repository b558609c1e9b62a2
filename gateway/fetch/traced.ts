import { Failure } from '../../platform/failure.js'
import type { Ask } from './time-limit.js'

/** Each attempt is a span of its own in the trace of its request; where there is no trace, it costs one comparison. */
export function traced(ask: Ask): Ask {
  return (request) => {
    const whole = request.context.carried?.span ?? null
    if (whole === null) return ask(request)
    const { subgraph, kind } = request
    const span = whole.begin('graphql.fetch', { 'daihuo.subgraph': subgraph, 'graphql.operation.type': kind })
    return ask(request, span).then(
      (answer) => {
        span.end()
        return answer
      },
      (error: unknown) => {
        span.end(error instanceof Failure ? error.code : 'INTERNAL_SERVER_ERROR')
        throw error
      },
    )
  }
}

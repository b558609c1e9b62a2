import { Failure } from '../../platform/failure.js'

/** The subgraph answered a subscription with errors instead of events; the engine redacts them like any other. Every way to a subgraph throws this for it. */
export class SubscriptionRefused extends Failure {
  readonly errors: readonly unknown[]

  constructor(subgraph: string, errors: readonly unknown[]) {
    super('SUBGRAPH_UNAVAILABLE', `subgraph ${subgraph} refused the subscription`)
    this.errors = errors
  }
}

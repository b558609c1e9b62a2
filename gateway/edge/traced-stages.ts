import type { ApolloServerPlugin } from '@apollo/server'
import type { Span } from '../../platform/observe/span.js'
import type { Asked } from './apollo.js'

/** The stages that are Apollo Server's, told to the trace of their request: a document that is known already has none of them. */
export const tracedStages: ApolloServerPlugin<Asked> = {
  requestDidStart: ({ contextValue }) => {
    const span = contextValue.context.carried?.span ?? null
    if (span === null) return Promise.resolve()
    return Promise.resolve({
      parsingDidStart() {
        const reading = span.begin('graphql.read')
        return Promise.resolve((error?: Error) => over(reading, error && 'GRAPHQL_PARSE_FAILED'))
      },
      validationDidStart() {
        const validating = span.begin('graphql.validate')
        return Promise.resolve((errors?: readonly Error[]) => over(validating, errors && 'GRAPHQL_VALIDATION_FAILED'))
      },
    })
  },
}

function over(stage: Span, failure: string | undefined): Promise<void> {
  stage.end(failure)
  return Promise.resolve()
}

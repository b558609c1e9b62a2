import { GraphQLError, Kind, parse, validate, type DocumentNode, type GraphQLSchema } from 'graphql'

/** A committed file of client operations. */
export interface OperationFile {
  readonly path: string
  readonly text: string
}

/** What the operations of clients cannot do with a schema: one sentence each, with the file and the operation's name. */
export function brokenOperations(api: GraphQLSchema, files: readonly OperationFile[]): readonly string[] {
  return files.flatMap(({ path, text }) => {
    const document = read(text)
    if (document instanceof GraphQLError) return [`${path}: ${document.message}`]
    return validate(api, document).map((error) => `${path}: ${namesOf(error, document)}: ${error.message}`)
  })
}

function read(text: string): DocumentNode | GraphQLError {
  try {
    return parse(text)
  } catch (error) {
    if (error instanceof GraphQLError) return error
    throw error
  }
}

/** The operations that an error stands in. One in a fragment is told of every operation of the file: all of them may use it. */
function namesOf(error: GraphQLError, document: DocumentNode): string {
  const operations = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
  const places = error.positions ?? []
  const within = operations.filter(({ loc }) =>
    places.some((at) => loc !== undefined && loc.start <= at && at < loc.end),
  )
  return (within.length > 0 ? within : operations)
    .map(({ name }) => name?.value ?? 'an operation without a name')
    .join(', ')
}

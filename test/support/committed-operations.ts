import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Kind, OperationTypeNode, parse, print, separateOperations } from 'graphql'
import { projectRoot } from '../../platform/config/project-root.js'

/** One operation of `schema/operations/`, with the fragments that it uses. */
export interface CommittedOperation {
  readonly name: string
  readonly kind: OperationTypeNode
  readonly query: string
}

/** All that clients are known to ask. */
export function committedOperations(): readonly CommittedOperation[] {
  const folder = join(projectRoot(), 'schema/operations')
  return readdirSync(folder).flatMap((file) => {
    const documents = separateOperations(parse(readFileSync(join(folder, file), 'utf8')))
    return Object.entries(documents).map(([name, document]) => {
      const operation = document.definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION)
      const kind = operation?.kind === Kind.OPERATION_DEFINITION ? operation.operation : OperationTypeNode.QUERY
      return { name, kind, query: print(document) }
    })
  })
}

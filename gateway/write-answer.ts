import { type Prepared } from './execute/readier.js'
import { Tree } from './merge/tree.js'
import type { Operation } from './operation/read-operation.js'
import { compiledWriter, type CompiledWriter } from './project/compiled.js'
import { ErrorList } from './project/error-list.js'
import { project, type Introspected } from './project/project.js'
import type { GraphAnswer } from './engine.js'

/** The answer of a request that nothing was executed of. */
export function refusal(errors: readonly object[], code: string): GraphAnswer {
  return { body: JSON.stringify({ errors }), kind: null, failed: 'request', codes: [code] }
}

/** What the tree holds, as the client asked for it: by the compiled form where all is well, else by the plain one. */
export function written(operation: Operation, prepared: Prepared, tree: Tree, introspected: Introspected): GraphAnswer {
  const quick = writerOf(prepared)?.(tree)
  if (quick !== undefined && quick !== null)
    return { body: `{"data":${quick}}`, kind: operation.kind, failed: 'nothing', codes: [] }
  const errors = new ErrorList()
  const data = project(prepared.shape, tree, introspected, errors) ?? 'null'
  if (errors.length === 0) return { body: `{"data":${data}}`, kind: operation.kind, failed: 'nothing', codes: [] }
  return {
    body: `{"errors":${errors.toText()},"data":${data}}`,
    kind: operation.kind,
    failed: 'fields',
    codes: errors.codes,
  }
}

/** An operation that comes once is not worth compiling for. */
function writerOf(prepared: Prepared): CompiledWriter | null {
  if (++prepared.times === 2) prepared.write = compiledWriter(prepared.shape)
  return prepared.write
}

import type { Shape, ShapeField } from './shape.js'

/**
 * A path of the tree's names → of the client's. What lies there is null, so its types are not known: a field is looked for
 * on every type that may stand there, and the path ends where none has it.
 */
export function clientPath(shape: Shape | null, inner: readonly (string | number)[]): readonly (string | number)[] {
  const path: (string | number)[] = []
  let at = shape
  for (const step of inner) {
    if (typeof step === 'number') {
      path.push(step)
      continue
    }
    const field = at && fieldOf(at, step)
    if (!field) break
    path.push(field.response)
    at = field.shape
  }
  return path
}

function fieldOf(shape: Shape, inner: string): ShapeField | undefined {
  for (const type of shape.possibleTypes()) {
    const found = shape.fieldsFor(type)?.find((field) => field.inner === inner)
    if (found) return found
  }
  return undefined
}

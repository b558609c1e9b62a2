import { getNamedType, isAbstractType, isInterfaceType, isObjectType, type GraphQLSchema } from 'graphql'

/** From the root of an answer to a place in it. */
export type Path = readonly (string | number)[]

/** The topmost places where two answers to one question are not the same. */
export function differences(one: unknown, other: unknown, path: Path = []): readonly Path[] {
  if (!isBranch(one) || !isBranch(other)) return one === other ? [] : [path]
  const keys = new Set([...Object.keys(one), ...Object.keys(other)])
  return [...keys].flatMap((key) =>
    differences(one[key], other[key], [...path, Array.isArray(one) ? Number(key) : key]),
  )
}

/** What stands at a place; undefined where the way there breaks off. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, step) => (isBranch(at) ? at[step] : undefined), value)
}

/** The field that a path of an answer without aliases ends with, as `Type.field`; abstract things are read off the answer. */
export function fieldAt(schema: GraphQLSchema, data: unknown, path: Path): string {
  let type: string | undefined = 'Query'
  let place = ''
  path.forEach((step, at) => {
    if (typeof step === 'number') return
    const it = schema.getType(type ?? '')
    if (!isObjectType(it) && !isInterfaceType(it)) throw new Error(`${place} has no fields`)
    place = `${it.name}.${step}`
    const inner = getNamedType(it.getFields()[step]?.type)
    const below = valueAt(data, path.slice(0, at + (typeof path[at + 1] === 'number' ? 2 : 1)))
    type = isAbstractType(inner) && isBranch(below) ? String(below['__typename']) : inner?.name
  })
  return place
}

function isBranch(value: unknown): value is Readonly<Record<string | number, unknown>> {
  return typeof value === 'object' && value !== null
}

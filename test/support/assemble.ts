/** One part of an answer in parts, in either form. */
export interface Part {
  readonly data?: unknown
  readonly errors?: readonly PartError[]
  readonly pending?: readonly { readonly id: string; readonly path: readonly Step[]; readonly label?: string }[]
  readonly incremental?: readonly {
    readonly id?: string
    readonly subPath?: readonly Step[]
    readonly path?: readonly Step[]
    readonly label?: string
    readonly data: unknown
    readonly errors?: readonly PartError[]
  }[]
  readonly completed?: readonly { readonly id: string; readonly errors?: readonly PartError[] }[]
  readonly hasNext: boolean
}

type Step = string | number
type Tree = Record<Step, unknown>

/** An error as it stands in a part. */
export interface PartError {
  readonly message: string
  readonly path?: readonly Step[]
  readonly extensions: { readonly code: string }
}

/** What a client has in the end. */
export interface Assembled {
  readonly data: unknown
  readonly errors: readonly PartError[]
}

/** Puts the parts of an answer together as a client does; throws when they break a rule of their form. */
export function assembled(parts: readonly Part[]): Assembled {
  const [first] = parts
  if (first === undefined) throw new Error('there is no part')
  parts.forEach(({ hasNext }, at) => {
    if (hasNext !== at < parts.length - 1) throw new Error(`part ${at} says hasNext: ${hasNext}`)
  })
  const data = structuredClone(first.data)
  const errors: PartError[] = []
  const open = new Map<string, readonly Step[]>()
  for (const part of parts) {
    errors.push(...(part.errors ?? []))
    for (const { id, path } of part.pending ?? []) open.set(id, path)
    for (const one of part.incremental ?? []) {
      errors.push(...(one.errors ?? []))
      const path = one.id === undefined ? one.path : [...known(open, one.id), ...(one.subPath ?? [])]
      if (one.data !== null) merge(at(data, path ?? []), one.data)
    }
    for (const one of part.completed ?? []) {
      known(open, one.id)
      open.delete(one.id)
      errors.push(...(one.errors ?? []))
    }
  }
  if (open.size > 0) throw new Error(`nothing more is told of ${[...open.keys()].join()}`)
  return { data, errors }
}

/** Where a part was to come of which there is nothing but an error. */
export function lostPlaces(parts: readonly Part[]): readonly (readonly Step[])[] {
  const announced = new Map(parts.flatMap(({ pending = [] }) => pending.map(({ id, path }) => [id, path] as const)))
  return parts.flatMap(({ incremental = [], completed = [] }) => [
    ...incremental.flatMap(({ path, data, errors = [] }) => (data === null && path && errors.length > 0 ? [path] : [])),
    ...completed.flatMap(({ id, errors = [] }) => (errors.length > 0 ? [known(announced, id)] : [])),
  ])
}

/** The parts of a multipart body. */
export function partsOf(body: string): readonly Part[] {
  const pieces = body.split('\r\n---')
  if (pieces.at(-1) !== '--\r\n') throw new Error('the body has no end')
  return pieces.slice(1, -1).map((piece) => JSON.parse(piece.slice(piece.indexOf('\r\n\r\n'))) as Part)
}

function known(open: ReadonlyMap<string, readonly Step[]>, id: string): readonly Step[] {
  const path = open.get(id)
  if (path === undefined) throw new Error(`${id} was not announced, or has ended`)
  return path
}

function at(data: unknown, path: readonly Step[]): unknown {
  return path.reduce<unknown>((value, step) => {
    const next = (value as Tree | null | undefined)?.[step]
    if (typeof next !== 'object' || next === null) throw new Error(`there is nothing at ${path.join('.')}`)
    return next
  }, data)
}

function merge(into: unknown, from: unknown): void {
  const [target, source] = [into as Tree, from as Tree]
  for (const key of Object.keys(source)) {
    const [held, value] = [Object.hasOwn(target, key) ? target[key] : undefined, source[key]]
    if (isObject(held) && isObject(value)) merge(held, value)
    else Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true })
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

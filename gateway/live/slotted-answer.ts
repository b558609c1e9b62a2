import { SharedAnswer, type Wrap } from './shared-answer.js'
import type { Slot, Slotted } from './slots.js'

/** A slot of one object in one answer. */
export interface Hole {
  readonly slot: Slot
  readonly id: string
}

/** What an error says that is told beside the others of an answer. */
export interface SlotError {
  readonly message: string
  readonly extensions: { readonly code: string }
}

/** One event's answer with holes where each viewer's own values go; each protocol's bytes are made once and only copied around the values. */
export class SlottedAnswer {
  readonly holes: readonly Hole[]
  readonly #body: string
  readonly #hole: string
  readonly #cursor: string | null
  readonly #parts = new Map<Wrap, readonly Buffer[]>()

  private constructor(body: string, hole: string, { holes, cursor }: Pick<SlottedAnswer, 'holes' | 'cursor'>) {
    this.#body = body
    this.#hole = hole
    this.holes = holes
    this.#cursor = cursor
  }

  /** Reads what the engine wrote of an operation without its slots. */
  static read(body: string, { slots, mark }: Slotted, cursor: string | null): SlottedAnswer {
    const holes: Hole[] = []
    const hole = JSON.stringify(mark)
    // A quote inside of a text is written behind a backslash, so this can only be a key, or a key's name in an error's path.
    const places = new RegExp(`"${mark}(\\d+)"(:(?:null|"(?:[^"\\\\]|\\\\.)*"))?`, 'g')
    const holed = body.replace(places, (_all, number: string, value: string | undefined) => {
      const slot = slots[Number(number)]
      const response = JSON.stringify(slot?.response ?? '')
      if (slot === undefined || value === undefined) return response
      if (value === ':null') return `${response}:null`
      holes.push({ slot, id: String(JSON.parse(value.slice(1))) })
      return `${response}:${hole}`
    })
    return new SlottedAnswer(holed, hole, { holes, cursor })
  }

  get cursor(): string | null {
    return this.#cursor
  }

  /** The answer for whoever has these values: JSON texts in the order of the holes. */
  filled(values: readonly string[]): SharedAnswer {
    const texts = this.#body.split(this.#hole)
    const body = texts.map((text, at) => (at === 0 ? text : `${values[at - 1] ?? 'null'}${text}`)).join('')
    return new SharedAnswer(body, this.#cursor, (wrap) => this.#splice(wrap, values))
  }

  /** The same answer where holes of some slots tell that they could not be filled. */
  failing(slots: ReadonlySet<Slot>, error: SlotError): SlottedAnswer {
    const paths = pathsTo(JSON.parse(this.#body), JSON.parse(this.#hole))
    const told = this.holes.flatMap(({ slot }, at) =>
      slots.has(slot)
        ? [JSON.stringify({ message: error.message, path: paths[at], extensions: error.extensions })]
        : [],
    )
    const body = this.#body.startsWith(ERRORS)
      ? `${ERRORS}${told.join(',')},${this.#body.slice(ERRORS.length)}`
      : `${ERRORS}${told.join(',')}],${this.#body.slice(1)}`
    return new SlottedAnswer(body, this.#hole, this)
  }

  #splice(wrap: Wrap, values: readonly string[]): Buffer {
    const [first, ...others] = this.#partsOf(wrap)
    if (first === undefined) return Buffer.alloc(0)
    return Buffer.concat([first, ...others.flatMap((part, at) => [Buffer.from(values[at] ?? 'null'), part])])
  }

  #partsOf(wrap: Wrap): readonly Buffer[] {
    let parts = this.#parts.get(wrap)
    if (parts === undefined) this.#parts.set(wrap, (parts = splitAt(wrap(this.#body, this.#cursor), this.#hole)))
    return parts
  }
}

/** An answer of the engine with errors begins so, and at least one of them follows. */
const ERRORS = '{"errors":['

function splitAt(bytes: Buffer, hole: string): readonly Buffer[] {
  const parts: Buffer[] = []
  let from = 0
  for (let at = bytes.indexOf(hole); at !== -1; at = bytes.indexOf(hole, from)) {
    parts.push(bytes.subarray(from, at))
    from = at + hole.length
  }
  return [...parts, bytes.subarray(from)]
}

type Path = readonly (string | number)[]

/** Where the hole's value stands below `data`, in the order of the text. */
function pathsTo(answer: unknown, hole: unknown): readonly Path[] {
  const found: Path[] = []
  const walk = (value: unknown, path: Path): void => {
    if (value === hole) found.push(path.slice(1))
    else if (Array.isArray(value)) value.forEach((one, at) => walk(one, [...path, at]))
    else if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) walk(inner, [...path, key])
  }
  walk({ data: (answer as { data?: unknown }).data }, []) // the engine wrote it
  return found
}

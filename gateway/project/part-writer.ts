import type { Deferral } from '../operation/deferrals.js'
import type { Tree } from '../merge/tree.js'
import { ErrorList } from './error-list.js'
import type { PartForm, Told, ToldGroup } from './part-forms.js'
import { Listening, type Group, type Pending } from './pending.js'
import { projectFields, projectFirst, type Introspected } from './project.js'
import type { Shape } from './shape.js'

/** What an answer in parts is written from. */
export interface PartSource {
  readonly form: PartForm
  readonly shape: Shape
  readonly tree: Tree
  readonly introspected: Introspected
  /** Has all that a deferral needs been fetched? */
  readonly isThere: (deferral: Deferral) => boolean
}

/** Writes one answer part by part: what stands in the tree is told when its deferral is complete, and not before the parts around it. */
export class PartWriter {
  readonly #source: PartSource
  /** Deferrals that the client knows of, or could, and that are neither told nor failed. */
  #open: Pending[] = []
  #ids = 0
  readonly #codes = new Set<string>()

  constructor(source: PartSource) {
    this.#source = source
  }

  /** Whether anything is still to come. */
  get hasNext(): boolean {
    return this.#open.length > 0
  }

  /** What the client waits for now. */
  get awaited(): ReadonlySet<Deferral> {
    return new Set(this.#open.map(({ deferral }) => deferral))
  }

  /** The codes of all errors told so far. */
  get codes(): readonly string[] {
    return [...this.#codes]
  }

  first(): string {
    const { form, shape, tree, introspected } = this.#source
    const errors = new ErrorList()
    const watch = new Listening(null)
    const data = projectFirst(shape, tree, introspected, { errors, watch })
    const announced = data === null ? [] : this.#announced(watch.keep())
    this.#open = [...announced]
    this.#note(errors)
    const members = `${errors.length > 0 ? `"errors":${errors.toText()},` : ''}"data":${data ?? 'null'}`
    return form.first(members, announced, this.hasNext)
  }

  /** Everything that can be told now; null when that is nothing. */
  later(): string | null {
    const round = new Round()
    for (let ready = this.#ready(); ready.length > 0; ready = this.#ready()) {
      for (const pending of ready) if (pending.state === 'waiting') this.#tell(pending, round)
      this.#open = this.#open.filter(({ state }) => state === 'waiting')
      const inner = round.takeInner()
      const announced = this.#announced(inner)
      round.announced.push(...announced)
      this.#open.push(...announced)
    }
    return round.ended.length === 0 ? null : this.#source.form.later(round.told(this.hasNext))
  }

  /** Nothing more can be told: all that is open has failed with this. */
  fail(errors: string, code: string): string {
    this.#codes.add(code)
    const ended = this.#open.map((pending) => ({ pending, errors }))
    this.#open = []
    return this.#source.form.later({ announced: [], groups: [], ended, hasNext: false })
  }

  #ready(): readonly Pending[] {
    return this.#open.filter(({ deferral }) => this.#source.isThere(deferral))
  }

  #tell(pending: Pending, round: Round): void {
    for (let group = untold(pending); group !== undefined; group = untold(pending)) {
      group.isTold = true
      if (!this.#tellGroup(group, pending, round)) return
    }
    pending.state = 'told'
    round.ended.push({ pending, errors: null })
    round.inner.push(...pending.inner)
  }

  #tellGroup(group: Group, pending: Pending, round: Round): boolean {
    const errors = new ErrorList()
    const watch = new Listening(group.around)
    const text = projectFields(
      group.fields,
      { ...group, introspected: this.#introspectedAt(group) },
      this.#source.tree,
      {
        errors,
        watch,
      },
    )
    this.#note(errors)
    const list = errors.length > 0 ? errors.toText() : null
    round.groups.push({ group, pending, text, errors: list })
    if (text !== null) {
      round.inner.push(...watch.keep())
      return true
    }
    for (const one of group.of) {
      if (one.state !== 'waiting') continue
      one.state = 'failed'
      if (one.id !== null) round.ended.push({ pending: one, errors: list })
    }
    return false
  }

  #introspectedAt({ path }: Group): Introspected {
    return path.length === 0 ? this.#source.introspected : NOTHING
  }

  /** Deferrals that have nothing of their own to tell give way to those within them. */
  #announced(fresh: readonly Pending[]): readonly Pending[] {
    return fresh.flatMap((pending) => {
      if (pending.state !== 'waiting') return []
      if (untold(pending) === undefined) {
        pending.state = 'told'
        return this.#announced(pending.inner)
      }
      pending.id = String(this.#ids++)
      return pending
    })
  }

  #note(errors: ErrorList): void {
    for (const code of errors.codes) this.#codes.add(code)
  }
}

const NOTHING: Introspected = new Map()

function untold({ groups }: Pending): Group | undefined {
  return groups.find(({ isTold }) => !isTold)
}

/** One message while it is being put together. */
class Round {
  readonly announced: Pending[] = []
  readonly groups: ToldGroup[] = []
  readonly ended: { readonly pending: Pending; readonly errors: string | null }[] = []
  readonly inner: Pending[] = []

  takeInner(): readonly Pending[] {
    return this.inner.splice(0)
  }

  told(hasNext: boolean): Told {
    return { announced: this.announced, groups: this.groups, ended: this.ended, hasNext }
  }
}

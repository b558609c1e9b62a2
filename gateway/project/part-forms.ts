import type { Sharing } from './collect-parts.js'
import type { Group, Pending } from './pending.js'

/** What is told of a group of fields: its text, or that it failed, and the errors in it as a JSON list. */
export interface ToldGroup {
  readonly group: Group
  /** The deferral that it is told with. */
  readonly pending: Pending
  readonly text: string | null
  readonly errors: string | null
}

/** What a later message of an answer tells. */
export interface Told {
  readonly announced: readonly Pending[]
  readonly groups: readonly ToldGroup[]
  /** Deferrals that are told, or have failed with these errors. */
  readonly ended: readonly { readonly pending: Pending; readonly errors: string | null }[]
  readonly hasNext: boolean
}

/** A way to tell parts. */
export interface PartForm {
  readonly sharing: Sharing
  /** The first message, around the members of an ordinary answer. */
  readonly first: (members: string, announced: readonly Pending[], hasNext: boolean) => string
  readonly later: (told: Told) => string
}

/** The formats that clients ask for, by what stands in their `accept`. */
export type PartFormat = 'deferSpec=20220824' | 'incrementalSpec=v0.2'

/** Incremental delivery as of August 2022: each fragment is told whole, where it stands. */
const WHOLE: PartForm = {
  sharing: 'each',
  first: (members, _announced, hasNext) => `{${members},"hasNext":${hasNext}}`,
  later({ groups, ended, hasNext }) {
    const told = groups.map(({ pending, text, errors }) => wholePart(pending, text ?? 'null', errors))
    const failed = ended.flatMap(({ pending, errors }) => {
      const isTold = errors === null || groups.some((one) => one.pending === pending)
      return isTold ? [] : wholePart(pending, 'null', errors)
    })
    return `{"incremental":[${[...told, ...failed].join(',')}],"hasNext":${hasNext}}`
  },
}

function wholePart({ path, deferral }: Pending, text: string, errors: string | null): string {
  return `{"data":${text},"path":${JSON.stringify(path)}${labelled(deferral.label)}${withErrors(errors)}}`
}

/** Incremental delivery as graphql-js 17 has it: no field twice, and each deferral announced and ended. */
const SPARING: PartForm = {
  sharing: 'once',
  first: (members, announced, hasNext) => `{${members}${announcing(announced)},"hasNext":${hasNext}}`,
  later({ announced, groups, ended, hasNext }) {
    const told = groups.flatMap((one) => sparingPart(one) ?? [])
    const completed = ended.map(({ pending, errors }) => `{"id":"${pending.id ?? ''}"${withErrors(errors)}}`)
    const members = [
      announcing(announced).slice(1),
      told.length > 0 ? `"incremental":[${told.join(',')}]` : '',
      completed.length > 0 ? `"completed":[${completed.join(',')}]` : '',
      `"hasNext":${hasNext}`,
    ]
    return `{${members.filter((one) => one !== '').join(',')}}`
  },
}

function announcing(announced: readonly Pending[]): string {
  if (announced.length === 0) return ''
  const all = announced.map(
    ({ id, path, deferral }) => `{"id":"${id ?? ''}","path":${JSON.stringify(path)}${labelled(deferral.label)}}`,
  )
  return `,"pending":[${all.join(',')}]`
}

/** What failed is told with its deferrals only. The deferral that stands nearest is the one to be told with. */
function sparingPart({ group, text, errors }: ToldGroup): string | null {
  if (text === null) return null
  const [nearest] = group.of
    .filter(({ id, state }) => id !== null && state !== 'failed')
    .sort((one, other) => other.path.length - one.path.length)
  if (nearest === undefined) return null
  const below = group.path.slice(nearest.path.length)
  const subPath = below.length > 0 ? `,"subPath":${JSON.stringify(below)}` : ''
  return `{"id":"${nearest.id ?? ''}"${subPath},"data":${text}${withErrors(errors)}}`
}

function labelled(label: string | null): string {
  return label === null ? '' : `,"label":${JSON.stringify(label)}`
}

function withErrors(errors: string | null): string {
  return errors === null ? '' : `,"errors":${errors}`
}

/** Each format's form. */
export const PART_FORMS: Readonly<Record<PartFormat, PartForm>> = {
  'deferSpec=20220824': WHOLE,
  'incrementalSpec=v0.2': SPARING,
}

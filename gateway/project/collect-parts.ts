import { outermost, partKey, type Deferral } from '../operation/deferrals.js'

/** Fields by their response keys, in the order in which they were first met. */
export type CollectedFields<Field> = ReadonlyMap<string, readonly Field[]>

/** A field as it stands in one of an object's selection sets. */
interface Standing {
  readonly within: Deferral | null
}

/** What an object is asked for: what is told with it, and what is told later. */
export interface CollectedParts<Field> {
  readonly own: CollectedFields<Field>
  readonly groups: readonly { readonly of: ReadonlySet<Deferral>; readonly fields: CollectedFields<Field> }[]
}

/**
 * How parts share fields. `once`: a field that several parts ask for is told once, with the outermost (incremental delivery
 * of today). `each`: every fragment is told whole, whatever else was told (the draft of August 2022).
 */
export type Sharing = 'once' | 'each'

/** By what fields are told apart. */
export interface Parting<Field> {
  /** The part that the object itself is told with. */
  readonly own: ReadonlySet<Deferral>
  /** Deferrals that begin at the object. */
  readonly begun: readonly Deferral[]
  readonly sharing: Sharing
  /** Where a field may not be seen, it is not asked for, and counts only when it may be seen nowhere. */
  readonly isSeen: (field: Field) => boolean
}

/** Incremental delivery, "Build Execution Plan": which fields of an object are told when. */
export function partedBy<Field extends Standing>(
  collected: CollectedFields<Field>,
  parting: Parting<Field>,
): CollectedParts<Field> {
  return parting.sharing === 'once' ? toldOnce(collected, parting) : toldByEach(collected, parting)
}

function toldOnce<Field extends Standing>(
  collected: CollectedFields<Field>,
  { own, isSeen }: Parting<Field>,
): CollectedParts<Field> {
  const ownKey = partKey(own)
  const mine = new Map<string, readonly Field[]>()
  const groups = new Map<string, { of: ReadonlySet<Deferral>; fields: Map<string, readonly Field[]> }>()
  for (const [response, all] of collected) {
    const seen = all.filter(isSeen)
    const of = outermost((seen.length > 0 ? seen : all).map(({ within }) => within))
    const key = partKey(of)
    const known = groups.get(key)
    if (key === ownKey) mine.set(response, all)
    else if (known) known.fields.set(response, all)
    else groups.set(key, { of, fields: new Map([[response, all]]) })
  }
  return { own: mine, groups: [...groups.values()] }
}

function toldByEach<Field extends Standing>(
  collected: CollectedFields<Field>,
  { begun }: Parting<Field>,
): CollectedParts<Field> {
  const mine = new Map<string, Field[]>()
  const byDeferral = new Map(begun.map((deferral) => [deferral, new Map<string, Field[]>()]))
  for (const [response, all] of collected)
    for (const one of all) {
      const into = (one.within && byDeferral.get(one.within)) ?? mine
      const known = into.get(response)
      if (known === undefined) into.set(response, [one])
      else known.push(one)
    }
  return { own: mine, groups: [...byDeferral].map(([deferral, fields]) => ({ of: new Set([deferral]), fields })) }
}

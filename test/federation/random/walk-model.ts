import type { FieldModel, Model } from './model.js'

/** All fields that a model has, of its roots, types and interface objects. */
export function fieldsOf({ queries, mutations, types }: Model): readonly FieldModel[] {
  return [
    ...queries,
    ...mutations,
    ...[...types.values()].flatMap((type) =>
      'members' in type ? [...[...type.fields.values()].flat(), ...(type.object?.fields ?? [])] : type.fields,
    ),
  ]
}

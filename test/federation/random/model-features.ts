import type { AbstractModel, EntityModel, FieldModel, Model, TypeModel, ValueModel } from './model.js'
import { fieldsOf } from './walk-model.js'

type Test = (model: Model) => boolean

/** What random graphs have to have now and then, each with how it is seen. */
export const MODEL_FEATURES: Readonly<Record<string, Test>> = {
  'two subgraphs': ({ subgraphs }) => subgraphs.length === 2,
  'three subgraphs': ({ subgraphs }) => subgraphs.length === 3,
  'four subgraphs': ({ subgraphs }) => subgraphs.length === 4,
  'five subgraphs': ({ subgraphs }) => subgraphs.length === 5,
  'a single key': (model) => hasKey(model, (key) => /^\w+$/.test(key)),
  'a composite key': (model) => hasKey(model, (key) => /^\w+ \w+$/.test(key)),
  'a nested key': (model) => hasKey(model, (key) => key.includes('{')),
  'several keys': (model) => entities(model).some(({ keys }) => [...keys.values()].some((here) => here.length > 1)),
  'other keys in other subgraphs': (model) =>
    entities(model).some(({ keys }) => hasSeveral([...keys.values()].map(String))),
  'a value type of several subgraphs': (model) => values(model).some(({ where }) => where.size > 1),
  'a value type known in part': (model) =>
    values(model).some(({ fields }) => hasSeveral(fields.map(({ owners }) => String(owners)))),
  'an interface known in part': (model) => abstract(model, 'interface').some(isKnownInPart),
  'a union known in part': (model) => abstract(model, 'union').some(isKnownInPart),
  '@requires': (model) => some(model, ({ requires }) => requires !== null),
  'nested @requires': (model) => some(model, ({ requires }) => requires?.includes('{ f') === true),
  'chained @requires': (model) => requirements(model).some(({ field }) => field.requires !== null),
  '@requires with arguments': (model) => some(model, ({ requires }) => requires?.includes('(') === true),
  'two @requires with other arguments': (model) =>
    requirements(model).some((one, at, all) => all.slice(0, at).some((other) => clash(one, other))),
  '@requires on an interface object': (model) =>
    abstract(model, 'interface').some(
      ({ object }) => object?.fields.some(({ requires }) => requires !== null) === true,
    ),
  '@provides': (model) => some(model, ({ provides }) => provides !== null),
  '@override': (model) => some(model, ({ overrides }) => overrides !== null),
  '@inaccessible': (model) => some(model, ({ isInaccessible }) => isInaccessible),
  '@interfaceObject': (model) => abstract(model, 'interface').some(({ object }) => object !== null),
  '@shareable': (model) => entities(model).some(({ fields }) => fields.some(({ owners }) => owners.length > 1)),
  'a shareable root': ({ queries }) => queries.some(({ owners }) => owners.length > 1),
  'a failing field': (model) => some(model, ({ fails, type }) => fails && !type.nonNull),
  'a failing field that must be there': (model) => some(model, ({ fails, type }) => fails && type.nonNull),
  'a field that may be null': (model) => some(model, ({ type }) => !type.nonNull),
  'a list': (model) => some(model, ({ type }) => type.list),
  'a list of lists': (model) => some(model, ({ type }) => type.rows),
  'a name in several types': (model) => hasRepeated([...model.types.values()].flatMap((type) => [...names(type)])),
  'a root for mutations': ({ mutations }) => mutations.length > 0,
}

interface Requirement {
  readonly of: string
  readonly field: FieldModel
  readonly asked: string
}

/** Each field that another one of its type requires, and as what. */
function requirements(model: Model): Requirement[] {
  return entities(model).flatMap(({ name, fields }) =>
    fields.flatMap(({ requires }) =>
      fields.flatMap((field) => {
        const asked = new RegExp(`(?<![\\w ]{ )\\b${field.name}\\b(\\([^)]*\\))?`).exec(requires ?? '')
        return asked ? [{ of: name, field, asked: asked[0] }] : []
      }),
    ),
  )
}

function clash(one: Requirement, other: Requirement): boolean {
  return one.of === other.of && one.field === other.field && one.asked !== other.asked
}

function some(model: Model, test: (field: FieldModel) => boolean): boolean {
  return fieldsOf(model).some(test)
}

function entities({ types }: Model): EntityModel[] {
  return [...types.values()].filter((type) => type.kind === 'entity')
}

function values({ types }: Model): ValueModel[] {
  return [...types.values()].filter((type) => type.kind === 'value')
}

function abstract({ types }: Model, kind: AbstractModel['kind']): AbstractModel[] {
  return [...types.values()].filter((type): type is AbstractModel => type.kind === kind)
}

function isKnownInPart({ members }: AbstractModel): boolean {
  return hasSeveral([...members.values()].map((names) => [...names].sort().join()))
}

function hasKey(model: Model, test: (key: string) => boolean): boolean {
  return entities(model).some(({ keys }) => [...keys.values()].flat().some(test))
}

function names(type: TypeModel): Set<string> {
  return new Set('members' in type ? [] : type.fields.map(({ name }) => name).filter((name) => name !== 'label'))
}

function hasSeveral(texts: readonly string[]): boolean {
  return new Set(texts).size > 1
}

function hasRepeated(texts: readonly string[]): boolean {
  return new Set(texts).size < texts.length
}

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  buildSchema,
  getNamedType,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLObjectType,
  type GraphQLOutputType,
} from 'graphql'
import { describe, expect, it } from 'vitest'
import { projectRoot } from '../../platform/config/project-root.js'
import { REGISTRY } from '../../subgraphs/registry.js'

const PARTS = REGISTRY.map(({ name }) => ({ name, types: typesOf(name) }))

function typesOf(part: string): readonly GraphQLObjectType[] {
  const sdl = readFileSync(join(projectRoot(), 'schema/subgraphs', `${part}.graphql`), 'utf8')
  const types = Object.values(buildSchema(sdl, { assumeValid: true }).getTypeMap())
  // A page goes as a whole: the field that asks for it may be null.
  return types.filter((type) => isObjectType(type)).filter(({ name }) => !/^_|(Edge|Connection)$/.test(name))
}

/** Whether a null at the thing itself, in a list or not, costs what stands around it. */
function mustBeThere(type: GraphQLOutputType): boolean {
  if (isNonNullType(type)) return isListType(type.ofType) ? mustBeThere(type.ofType.ofType) : true
  return false
}

/** The fields of a thing that one part promises and another does not know: with that part, all things would be lost that must be there. */
function promisedElsewhere(part: string, entity: string): readonly string[] {
  const here = new Set(PARTS.flatMap(({ name, types }) => (name === part ? fieldNames(types, entity, false) : [])))
  return PARTS.flatMap(({ name, types }) => (name === part ? [] : fieldNames(types, entity, true))).filter(
    (field) => !here.has(field),
  )
}

function fieldNames(types: readonly GraphQLObjectType[], entity: string, promised: boolean): readonly string[] {
  const fields = Object.values(types.find(({ name }) => name === entity)?.getFields() ?? {})
  return fields.filter(({ type }) => !promised || isNonNullType(type)).map(({ name }) => name)
}

describe('the parts of the graph', () => {
  it('may each be away without taking along what another knows: what points into several may be null', () => {
    const chained = PARTS.flatMap(({ name, types }) =>
      types.flatMap((type) =>
        Object.values(type.getFields())
          .filter((field) => mustBeThere(field.type))
          .filter((field) => promisedElsewhere(name, getNamedType(field.type).name).length > 0)
          .map((field) => `${type.name}.${field.name} of ${name}`),
      ),
    )
    expect(chained).toEqual([])
  })

  it('may each be away without taking along the answers of others: a question for a page may be null', () => {
    const questions = PARTS.flatMap(({ types }) => types.filter(({ name }) => name === 'Query'))
    const certain = questions.flatMap((type) =>
      Object.values(type.getFields()).filter(({ type }) => isNonNullType(type)),
    )
    expect(certain.map(({ name }) => name).filter((name) => !name.startsWith('_'))).toEqual([])
  })
})

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  buildASTSchema,
  getNamedType,
  isInterfaceType,
  isObjectType,
  parse,
  type GraphQLField,
  type GraphQLSchema,
} from 'graphql'
import { describe, expect, it } from 'vitest'
import { projectRoot } from '../../platform/config/project-root.js'

/** What would send a buyer away: a field named like an address, or described as one. */
const LINK = /(^|[a-z])(url|uri|link|href|website|redirect)s?$|Url|Link|Href|Redirect/
const WORDS = /\b(url|uri|link|web page|website|redirect)\b/i

const schema = orders()

describe('the partner API', () => {
  const fields = partnerFields(schema)

  it('has the fields that a partner buys by', () => {
    const names = fields.map(({ name }) => name)
    expect(names).toEqual(
      expect.arrayContaining(['partnerQuote', 'partnerPlaceOrder', 'partnerConfirm', 'partnerCancel', 'waybill']),
    )
  })

  it('has no field that is a link to a page, however deep', () => {
    const links = fields.filter(
      ({ name, description }) => (LINK.test(name) || WORDS.test(description ?? '')) && !IDS.has(name),
    )
    expect(links.map(({ name }) => name)).toEqual([])
  })
})

/** Where a line's buyer came from: ids of ours, and empty for a partner's buyers. */
const IDS: ReadonlySet<string> = new Set(['campaignLink', 'click'])

/** Every field that a partner's answers are made of: what stands behind the partner's root fields, in the subgraph that answers them. */
function partnerFields(of: GraphQLSchema): readonly GraphQLField<unknown, unknown>[] {
  const found: GraphQLField<unknown, unknown>[] = []
  const seen = new Set<string>()
  const walk = (field: GraphQLField<unknown, unknown>): void => {
    found.push(field)
    const type = getNamedType(field.type)
    if (seen.has(type.name)) return
    seen.add(type.name)
    if (isObjectType(type) || isInterfaceType(type)) for (const one of Object.values(type.getFields())) walk(one)
  }
  for (const root of [of.getQueryType(), of.getMutationType()])
    for (const field of Object.values(root?.getFields() ?? {})) if (field.name.startsWith('partner')) walk(field)
  return found
}

/** Its directives are the federation's: here only the types matter. */
function orders(): GraphQLSchema {
  const sdl = readFileSync(join(projectRoot(), 'schema/subgraphs/orders.graphql'), 'utf8')
  return buildASTSchema(parse(sdl), { assumeValidSDL: true, assumeValid: true })
}

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildSchema, parse, validate } from 'graphql'
import { describe, expect, it } from 'vitest'
import { projectRoot } from '../../platform/config/project-root.js'
import { DOCUMENTS } from './documents.js'

const api = buildSchema(readFileSync(join(projectRoot(), 'schema/api.graphql'), 'utf8'))

describe("the demo's people", () => {
  it.each(Object.entries(DOCUMENTS))('%s asks only what the public schema has', (_name, document) => {
    expect(validate(api, parse(document)).map((error) => error.message)).toEqual([])
  })
})

import { buildSchema, parse, validate } from 'graphql'
import { describe, expect, it } from 'vitest'
import { silent } from '../../platform/observe/observer.js'
import { counting } from '../../test/support/counting.js'
import { gatewayConfig } from '../config.js'
import type { Engine } from '../engine.js'
import { KnownDocuments } from './known-documents.js'
import { largeDocuments } from './large-documents.js'
import { limitsRule } from '../operation/limits.js'

const limits = { ...gatewayConfig('open').limits, height: 100 }
/** An engine that has no thread beside it; nothing else of it is looked at. */
const engine = { aside: null } as Engine
const schema = buildSchema('type Query { a: Int }')
const large = (fields: number): string => `{ ${'a '.repeat(fields)}${' '.repeat(2_000)}}`

describe('a large document', () => {
  it('is measured before it is validated, and then not again', () => {
    const observer = counting()
    const documents = largeDocuments(limits, { known: new KnownDocuments(observer), observer })
    documents.check(engine, large(90))
    documents.check(engine, large(90))
    expect(documents.isWithin(large(90))).toBe(true)
    expect(observer.counted('cache.miss', { cache: 'sizes' })).toBe(1)
    expect(validate(schema, parse(large(90)), [limitsRule({ ...limits, height: 1 }, documents.isWithin)])).toEqual([])
  })

  it('is refused each time that it is over a limit', () => {
    const documents = largeDocuments(limits, { known: new KnownDocuments(silent), observer: silent })
    for (let time = 0; time < 2; time++)
      expect(() => documents.check(engine, large(101))).toThrow(/more than 100 fields/)
    expect(documents.isWithin(large(101))).toBe(false)
  })

  it('is measured by who validates where nobody has measured it, or could not', () => {
    const documents = largeDocuments(limits, { known: new KnownDocuments(silent), observer: silent })
    const broken = large(90).replace('}', '')
    documents.check(engine, broken)
    documents.check(engine, '{ a }')
    for (const text of [broken, '{ a }', large(101)]) expect(documents.isWithin(text)).toBe(false)
    expect(validate(schema, parse(large(101)), [limitsRule(limits, documents.isWithin)])).toHaveLength(1)
  })
})

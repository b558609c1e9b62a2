import { print } from 'graphql'
import { describe, expect, it } from 'vitest'
import { readLiveRules } from './live-rules.js'

const schema = (link: string): string =>
  `schema @link(url: "https://specs.apollo.dev/link/v1.0") ${link} { query: Query subscription: News }`
const HERE = '@link(url: "https://somewhere.test/live/v1.0", import: ["@live"])'

describe('the rules of a supergraph', () => {
  it('are read from fields and types, whatever the root type is called', () => {
    const rules = readLiveRules(`${schema(HERE)}
      type News {
        a: A @live(shared: true, cursor: "at", resume: "since", gap: "Hole")
        b: A @live(conflate: "id", maxPerSecond: 2)
        c: A
      }
      type A @live(conflate: "", maxPerSecond: 0.5) { id: ID mine: Int @live(personal: true) }
      type B @live(personal: true) { a: A @live(shared: true) }
      type D @live(shared: true) { id: ID }`)
    expect([...rules.shared]).toEqual(['a'])
    expect([...rules.alike]).toEqual(['News.a', 'B.a', 'D'])
    expect([...rules.personal]).toEqual(['A.mine', 'B'])
    expect(rules.resume.get('a')).toEqual({ argument: 'since', cursor: 'at', gap: 'Hole' })
    expect(rules.conflate.get('A')).toEqual({ key: null, maxPerSecond: 0.5 })
    const key = rules.conflate.get('News.b')?.key
    expect(key && print(key).replace(/\s+/g, ' ')).toBe('{ id }')
  })

  it('are read under the name by which the supergraph knows the directive', () => {
    const link = '@link(url: "https://x.test/live/v1.2", import: [{ name: "@live", as: "@onAir" }])'
    const rules = readLiveRules(`${schema(link)} type News { a: Int @onAir(shared: true) b: Int @live(shared: true) }`)
    expect([...rules.shared]).toEqual(['a'])
  })

  it('are not read from a directive that only happens to be called so', () => {
    const rules = readLiveRules(`${schema('')} type News { a: Int @live(shared: true, personal: true) }`)
    expect([rules.shared.size, rules.personal.size, rules.resume.size]).toEqual([0, 0, 0])
  })
})

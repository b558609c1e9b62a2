import { describe, expect, it } from 'vitest'
import { silent } from '../../platform/observe/observer.js'
import { BoundedCache } from './bounded-cache.js'

const made: string[] = []
const make = (key: string) => () => {
  made.push(key)
  return { key }
}

describe('a bounded cache', () => {
  it('makes a thing once', () => {
    const cache = new BoundedCache<{ key: string }>('test', { most: 2, mostKeyChars: 100 }, silent)
    expect(cache.get('a', make('a'))).toBe(cache.get('a', make('a')))
  })

  it('lets the longest unused go when there are too many', () => {
    const cache = new BoundedCache<{ key: string }>('test', { most: 2, mostKeyChars: 100 }, silent)
    for (const key of ['a', 'b', 'a', 'c']) cache.get(key, make(key))
    made.length = 0
    for (const key of ['a', 'c', 'b']) cache.get(key, make(key))
    expect(made).toEqual(['b'])
  })

  it('lets things go when their keys are too long together', () => {
    const cache = new BoundedCache<{ key: string }>('test', { most: 100, mostKeyChars: 10 }, silent)
    for (const key of ['aaaa', 'bbbb', 'cccc']) cache.get(key, make(key))
    expect(cache.size).toBe(2)
  })

  it('holds nothing of a making that failed', () => {
    const cache = new BoundedCache<{ key: string }>('test', { most: 2, mostKeyChars: 100 }, silent)
    const fail = (): never => {
      throw new Error('no')
    }
    expect(() => cache.get('a', fail)).toThrow('no')
    expect(cache.size).toBe(0)
  })

  it('counts hits and misses under its name', () => {
    const counted: string[] = []
    const observer = {
      ...silent,
      count: (name: string, labels?: Readonly<Record<string, string>>) =>
        counted.push(`${name} ${labels?.['cache'] ?? ''}`),
    }
    const cache = new BoundedCache<{ key: string }>('plans', { most: 2, mostKeyChars: 100 }, observer)
    cache.get('a', make('a'))
    cache.get('a', make('a'))
    expect(counted).toEqual(['cache.miss plans', 'cache.hit plans'])
  })
})

import { describe, expect, it } from 'vitest'
import { helpFor, readSettings, wholeBetween, yesOrNo, anyUrl, optional } from './read-settings.js'

const SETTINGS = {
  port: { flag: 'port', env: 'PORT', read: wholeBetween(0, 65_535), default: 4000, about: 'where it listens' },
  reset: { flag: 'reset', alone: true, read: yesOrNo, default: false, about: 'starts anew' },
  database: { env: 'DATABASE_URL', read: optional(anyUrl), default: null, about: 'PostgreSQL' },
} as const
const read = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  readSettings(SETTINGS, { args, env, words: 1 })

describe('settings', () => {
  it('have defaults that work with nothing given', () => {
    expect(read([])).toEqual({ port: 4000, reset: false, database: null, words: [] })
  })

  it('take a flag before the environment', () => {
    expect(read(['--port', '5000', '--reset', 'file.csv'], { PORT: '6000' })).toMatchObject({
      port: 5000,
      reset: true,
      words: ['file.csv'],
    })
    expect(read([], { PORT: '6000' }).port).toBe(6000)
  })

  it('report all wrong ones together', () => {
    const wrong = () => read(['--port', 'many', '--colour', 'red', 'a', 'b'], { DATABASE_URL: 'nowhere' })
    expect(wrong).toThrow(
      /--colour is not a flag[^]*"b" was not expected[^]*--port must be a whole number from 0 to 65535, got "many"[^]*DATABASE_URL must be a URL/,
    )
  })

  it('say when a flag lacks its value', () => {
    expect(() => read(['--port'])).toThrow('--port needs a value')
  })

  it('explain themselves', () => {
    expect(helpFor(SETTINGS)).toMatch(/--port … +PORT +where it listens \[4000\]/)
  })
})

import { describe, expect, it } from 'vitest'
import { misnamed } from './names.js'

describe('the names of files', () => {
  it('pass when they are kebab-case and of a bearable length', () => {
    expect(
      misnamed([
        { path: 'gateway/plan/make-plan.ts', lines: 120 },
        { path: 'gateway/plan/make-plan.test.ts', lines: 90 },
      ]),
    ).toEqual([])
  })

  it.each([
    ['platform/HttpClient.ts', 10],
    ['platform/utils.ts', 10],
    ['platform/types.test.ts', 10],
    ['platform/long.ts', 301],
  ])('%s of %i lines is refused', (path, lines) => {
    expect(misnamed([{ path, lines }])).toHaveLength(1)
  })
})

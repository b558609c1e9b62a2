import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '../..')

/** A house of a few files under our own rules; gives what the watcher says of it. */
function watched(files: Readonly<Record<string, string>>): string {
  const house = mkdtempSync(join(tmpdir(), 'house-'))
  symlinkSync(join(root, 'node_modules'), join(house, 'node_modules'))
  for (const [path, source] of Object.entries({
    'tsconfig.json': '{"include":["**/*"]}',
    'package.json': '{"type":"module"}',
    ...files,
  })) {
    mkdirSync(dirname(join(house, path)), { recursive: true })
    writeFileSync(join(house, path), source)
  }
  const folders = [...new Set(Object.keys(files).map((path) => path.split('/')[0] ?? ''))]
  const watcher = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs')
  const run = spawnSync(process.execPath, [watcher, '--config', join(root, '.dependency-cruiser.cjs'), ...folders], {
    cwd: house,
    encoding: 'utf8',
  })
  return run.stdout + run.stderr
}

/** A rule, a file that breaks it, what the file imports, and a file to be found there. */
const BROKEN = [
  ['platform', 'platform/bus.ts', '../schema/ids.js', 'schema/ids.ts'],
  ['gateway', 'gateway/answer.ts', '../subgraphs/orders/subgraph.js', 'subgraphs/orders/subgraph.ts'],
  ['subgraph', 'subgraphs/rooms/flow/end.ts', '../../orders/store/orders.js', 'subgraphs/orders/store/orders.ts'],
  [
    'connector',
    'subgraphs/connectors/weibo/client.ts',
    '../kuaishou/client.js',
    'subgraphs/connectors/kuaishou/client.ts',
  ],
  ['sandbox', 'sandbox/weibo/post.ts', '../../subgraphs/connectors/weibo/ask.js', 'subgraphs/connectors/weibo/ask.ts'],
  [
    'subgraphs-rooms-store-points-up',
    'subgraphs/rooms/store/room.ts',
    '../flow/begin.js',
    'subgraphs/rooms/flow/begin.ts',
  ],
  ['gateway-plan-points-up', 'gateway/plan/make-plan.ts', '../execute/execute.js', 'gateway/execute/execute.ts'],
  ['gateway-merge-points-up', 'gateway/merge/merge.ts', '../execute/run.js', 'gateway/execute/run.ts'],
  [
    'adapters-are-chosen-by-starting-files',
    'subgraphs/host/serve.ts',
    '../../platform/db/pglite.js',
    'platform/db/pglite.ts',
  ],
  ['no-loops', 'platform/a.ts', './b.js', 'platform/b.ts'],
  ['door-undici', 'gateway/edge/http.ts', 'undici', 'schema/unused.ts'],
] as const

describe('the arrows of the house', () => {
  const files = BROKEN.flatMap(([rule, from, specifier, target]) => [
    [from, `import * as thing from '${specifier}'\nexport const a = () => thing`],
    [target, rule === 'no-loops' ? `import { a } from './a.js'\nexport const b = () => a` : 'export const b = 1'],
  ])
  const said = watched(Object.fromEntries(files) as Record<string, string>)

  it.each(BROKEN)('refuse %s: %s may not import %s', (rule, from) => {
    expect(
      said
        .split('\n')
        .filter((line) => line.includes(` ${rule}: `))
        .join('\n'),
    ).toContain(from)
  })

  it('let a house pass whose arrows point one way', () => {
    const good = {
      'schema/ids.ts': 'export const id = 1',
      'gateway/answer.ts': `import { id } from '../schema/ids.js'\nexport const a = id`,
    }
    expect(watched(good)).toContain('no dependency violations')
  })
})

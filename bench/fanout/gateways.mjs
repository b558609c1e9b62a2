// The commands of the measured gateways, each on a port of its own.
import { join, resolve } from 'node:path'

const here = import.meta.dirname
const root = resolve(here, '../..')
const node = process.execPath

/** By name: what to start, its port, and whether a probe in it tells how late its event loop was (`probe.mjs`). */
export function gatewaysOf(supergraph, { workers, flags }) {
  const probed = workers === 1
  const probe = probed ? ['--import', join(here, 'probe.mjs')] : []
  const hive = (port, env) => ({
    port,
    command: node,
    args: [
      join(here, '../node_modules/.bin/hive-gateway'),
      'supergraph',
      supergraph,
      ...['-c', join(here, 'hive.config.mjs'), '-p', String(port), '-h', '127.0.0.1'],
    ],
    env,
  })
  return {
    daihuo: {
      port: 4510,
      probed,
      command: node,
      args: [
        ...flags,
        ...probe,
        join(root, 'dist/gateway/main.js'),
        ...['--supergraph', supergraph, '--port', '4510', '--log', 'warn', '--config', join(here, 'daihuo.json')],
        ...(workers > 1 ? ['--workers', String(workers)] : []),
      ],
      env: {},
    },
    limit: { port: 4511, probed, command: node, args: [...flags, ...probe, join(here, 'limit.mjs'), '4511'], env: {} },
    hive: hive(4512, {}),
    'hive-rust': hive(4513, { BENCH_RUST: '1' }),
  }
}

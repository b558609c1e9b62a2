/**
 * The arrows of the house: who may import whom. `npm run check` refuses one that points up, and every loop.
 * @type {import('dependency-cruiser').IConfiguration}
 */
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from, pathNot: '\\.test\\.ts$' },
  to: { path: '^(platform|schema|subgraphs|gateway|sandbox|web|scripts|test|bench)/', pathNot: allowed },
})

/** A third-party package is imported in one folder. */
const door = (name, library, folders) => ({
  name: `door-${name}`,
  comment: `${name} has one door: ${folders}`,
  severity: 'error',
  from: { pathNot: `${folders}|^(test|scripts|bench)/|\\.test\\.ts$` },
  to: { path: `node_modules/(${library})(/|$)` },
})

/** Inside a part, rooms in their order: each may use those to its left. */
const rising = (part, rooms) =>
  rooms.slice(0, -1).map((room, at) => ({
    name: `${part.replace(/\W+/g, '-')}-${room}-points-up`,
    severity: 'error',
    from: { path: `^${part}/${room}(/|\\.ts$)`, pathNot: '\\.test\\.ts$' },
    to: { path: `^${part}/(${rooms.slice(at + 1).join('|')})(/|\\.ts$)` },
  }))

module.exports = {
  forbidden: [
    {
      name: 'no-loops',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    only('platform', '^platform/', '^platform/', 'the ground knows no commerce and no GraphQL'),
    only('schema', '^schema/', '^(schema|platform)/', 'the contract stands on the ground alone'),
    only(
      'host',
      '^subgraphs/host/',
      '^(subgraphs/host|schema|platform)/',
      'what every subgraph process needs knows no subgraph',
    ),
    only(
      'subgraph',
      '^subgraphs/(catalog|members|orders|rooms|campaigns|node)/',
      '^(subgraphs/$1|subgraphs/host|schema|platform)/',
      'no subgraph enters another',
    ),
    only(
      'connector',
      '^subgraphs/connectors/([a-z]+)/',
      '^(subgraphs/connectors/$1/|subgraphs/connectors/[a-z-]+\\.ts|subgraphs/host|schema|platform)',
      'no partner enters another',
    ),
    only(
      'connector-kit',
      '^subgraphs/connectors/[a-z-]+\\.ts$',
      '^(subgraphs/connectors/[a-z-]+\\.ts|subgraphs/host|schema|platform)',
      'the kit knows no partner',
    ),
    only('gateway', '^gateway/', '^(gateway|schema|platform)/', 'the gateway knows no subgraph'),
    only(
      'sandbox',
      '^sandbox/([a-z]+)/',
      '^(sandbox/$1|platform)/',
      'a sandbox and its connector must not make the same mistake',
    ),
    only('web', '^web/', '^(web|schema/operations)/', 'the page speaks to the gateway and to nobody else'),
    ...['catalog', 'members', 'orders', 'rooms', 'campaigns'].flatMap((name) =>
      rising(`subgraphs/${name}`, ['domain', 'store', 'flow', 'graph', 'subgraph']),
    ),
    ...rising('gateway', [
      'supergraph',
      'operation',
      'plan',
      'fetch',
      'execute',
      'answer',
      'live',
      'edge',
      'gateway',
      'main',
    ]),
    ...['merge', 'project'].map((room) => ({
      name: `gateway-${room}-points-up`,
      severity: 'error',
      from: { path: `^gateway/${room}/`, pathNot: '\\.test\\.ts$' },
      to: { path: '^gateway/(execute|answer|live|edge|gateway|main)(/|\\.ts$)' },
    })),
    {
      name: 'adapters-are-chosen-by-starting-files',
      severity: 'error',
      from: { pathNot: '^(scripts|test|bench)/|main\\.ts$|\\.test\\.ts$' },
      to: { path: '^platform/(db/(pglite|postgres)|bus/(memory-bus|redis-bus))\\.ts$' },
    },
    door('planner', '@apollo/(query-planner|query-graphs)', '^gateway/plan/'),
    door('federation-internals', '@apollo/federation-internals', '^gateway/(supergraph|plan)/'),
    door('apollo-server', '@apollo/server|@as-integrations/fastify', '^gateway/edge/'),
    door('mercurius', 'mercurius', '^subgraphs/host/'),
    door('undici', 'undici', '^platform/http/'),
    door('type-graphql', 'type-graphql', '/graph/|^subgraphs/(host|node)/'),
    door('dataloader', 'dataloader', '/graph/loaders|^subgraphs/host/'),
    door('kysely', 'kysely', '^platform/db/|/store/'),
    door('redis', 'redis', '^platform/bus/'),
    door('pg', 'pg|@electric-sql/pglite', '^platform/db/'),
    door('jose', 'jose', '^platform/'),
    door('telemetry', '@opentelemetry/[a-z-]+', '^platform/observe/'),
    door('pino', 'pino|prom-client', '^platform/observe/'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
}

import { defineConfig } from 'vitest/config'

export default defineConfig({
  // The decorators of TypeGraphQL are the legacy ones; the compiler's own settings reach only files of its "include".
  oxc: { decorator: { legacy: true } },
  // Without it the planner's and our own copy of graphql are two realms.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['{platform,schema,subgraphs,gateway,sandbox,scripts,test}/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 90_000,
    hookTimeout: 120_000,
  },
})

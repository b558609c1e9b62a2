import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  // The decorators of TypeGraphQL are the legacy ones; the compiler's own settings reach only files of its "include".
  oxc: { decorator: { legacy: true } },
  resolve: {
    alias: [
      // Without it the planner's and our own copy of graphql are two realms.
      { find: /^graphql$/, replacement: 'graphql/index.js' },
      // Apollo's suite was written for Jest.
      { find: '@jest/globals', replacement: resolve(import.meta.dirname, 'test/apollo/jest-globals.ts') },
    ],
  },
  test: {
    server: { deps: { inline: ['@apollo/server-integration-testsuite'] } },
    include: ['{platform,schema,subgraphs,gateway,sandbox,scripts,test}/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // A process for every file would load the whole house, and make its databases, three hundred times.
    isolate: false,
    testTimeout: 90_000,
    hookTimeout: 120_000,
  },
})

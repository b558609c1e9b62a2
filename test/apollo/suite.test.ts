import { defineIntegrationTestSuite } from '@apollo/server-integration-testsuite'
import { describe, expect, it } from 'vitest'
import { createServer } from './create-server.js'
import { seen, skipped } from './jest-globals.js'
import { NOT_PASSED, NOT_RUN } from './not-passed.js'

defineIntegrationTestSuite(createServer)

describe("the list of what is not passed of Apollo's suite", () => {
  it('names only tests that are there', () => {
    expect([...NOT_PASSED.keys()].filter((name) => !seen.includes(name))).toEqual([])
  })

  it('names whatever the suite leaves out by itself', () => {
    expect([...skipped].sort()).toEqual(NOT_RUN)
  })
})

import { beforeAll, describe, expect, it } from 'vitest'
import { differential, type Outcome } from './random/differential.js'
import { MODEL_FEATURES } from './random/model-features.js'
import { OPERATION_FEATURES, operationFeatures } from './random/operation-features.js'

const OPERATIONS = Number(process.env['FEDERATION_OPERATIONS'] ?? 2_000)
/** Always the same, so that what is red here is a change's fault; `npm run federation:random` looks for new ones. */
const SEED = Number(process.env['FEDERATION_SEED'] ?? 767_181)

describe('random operations on random federated graphs', () => {
  const seen = new Set<string>()
  let whole: Outcome

  beforeAll(async () => {
    whole = await differential(SEED, OPERATIONS, {
      onAsk({ model, monolith }, operation) {
        for (const [name, test] of Object.entries(MODEL_FEATURES)) if (!seen.has(name) && test(model)) seen.add(name)
        for (const name of operationFeatures(monolith, operation, seen)) seen.add(name)
      },
    })
  }, 600_000)

  it(`MUST R001 are answered as one schema answers them (seed ${SEED})`, () => {
    expect(whole.findings).toEqual([])
    expect(whole.operations).toBeGreaterThanOrEqual(OPERATIONS)
  })

  it(`MUST R002 make the same in parts as whole (seed ${SEED})`, async () => {
    const { operations, findings } = await differential(SEED, OPERATIONS / 10, { defers: true })
    expect(findings).toEqual([])
    expect(operations).toBeGreaterThanOrEqual(OPERATIONS / 10)
  }, 600_000)

  it('MUST R003 have among them all of federation and of queries that they are to show', () => {
    const missing = Object.keys({ ...MODEL_FEATURES, ...OPERATION_FEATURES }).filter((name) => !seen.has(name))
    expect(missing).toEqual([])
  })
})

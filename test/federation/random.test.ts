import { describe, expect, it } from 'vitest'
import { differential } from './random/differential.js'

const OPERATIONS = Number(process.env['FEDERATION_OPERATIONS'] ?? 2_000)
const SEED = Number(process.env['FEDERATION_SEED'] ?? Date.now() % 1_000_000)

describe('random operations on random federated graphs', () => {
  it(`MUST R001 are answered as one schema answers them (seed ${SEED})`, async () => {
    const { operations, findings } = await differential(SEED, OPERATIONS)
    expect(findings).toEqual([])
    expect(operations).toBeGreaterThanOrEqual(OPERATIONS)
  }, 600_000)
})

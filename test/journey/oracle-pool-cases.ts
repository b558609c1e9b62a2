import { idIn, type Scene } from '../support/scene.js'
import type { Case } from './oracle-cases.js'

const POOL_TERMS = { category: 'tea', commissionBp: 1000, marginBp: 3000 }
/** Of pool.graphql, and of the sessions of subsidies in keep-shop.graphql. */
export const POOL_CASES: Readonly<Record<string, Case>> = {
  PoolToPick: { who: 'operator', variables: () => ({}) },
  SubmitToPool: { who: 'operator', variables: ({ product: productId }) => ({ input: { ...POOL_TERMS, productId } }) },
  QualitySessions: { who: null, variables: () => ({}) },
  QualityPage: { who: 'operator', variables: async (scene) => ({ id: await qualitySession(scene, 'page') }) },
  OpenQualitySession: { who: 'operator', variables: (_, side) => ({ input: aQualitySession(`open-${side}`) }) },
  SelectForQualitySession: {
    who: 'operator',
    async variables(scene, side) {
      const qualitySessionId = await qualitySession(scene, `select-${side}`)
      const poolEntryIds = [scene.product.replace('Product', 'PoolEntry')]
      return { input: { idempotencyKey: side, qualitySessionId, poolEntryIds, selected: false } }
    },
  },
  CloseQualitySession: {
    who: 'operator',
    variables: async (scene, side) => ({
      input: { idempotencyKey: side, qualitySessionId: await qualitySession(scene, `close-${side}`) },
    }),
  },
  OpenSubsidySession: { who: 'operator', variables: (_, side) => ({ input: aSubsidySession(`open-${side}`) }) },
  SubsidySessionPage: { who: 'operator', variables: async (scene) => ({ id: await subsidySession(scene, 'page') }) },
  AddToSubsidySession: {
    who: 'operator',
    variables: async (scene, side) => ({
      input: {
        ...{ subsidySessionId: await subsidySession(scene, `add-${side}`), variantId: scene.variants.at(-1) },
        reduction: { byMinor: 1 },
      },
    }),
  },
  CloseSubsidySession: {
    who: 'operator',
    variables: async (scene, side) => ({ input: { subsidySessionId: await subsidySession(scene, `close-${side}`) } }),
  },
}

function aQualitySession(idempotencyKey: string): object {
  return {
    idempotencyKey,
    label: '品质专场',
    partner: 'kuaishou',
    leastGrade: 'A',
    startsAt: '2026-01-01T00:00:00.000Z',
  }
}

async function qualitySession({ deed }: Scene, key: string): Promise<string> {
  const opened = await deed('operator', 'openQualitySession', aQualitySession(key), 'qualitySession { id }')
  return idIn(opened, 'qualitySession')
}

function aSubsidySession(idempotencyKey: string): object {
  return {
    idempotencyKey,
    label: '双百亿补贴',
    budget: { amountMinor: 1000, currency: 'CNY' },
    shares: [{ bearer: 'platform', shareBp: 10_000 }],
  }
}

async function subsidySession({ deed }: Scene, key: string): Promise<string> {
  const opened = await deed('operator', 'openSubsidySession', aSubsidySession(key), 'subsidySession { id }')
  return idIn(opened, 'subsidySession')
}

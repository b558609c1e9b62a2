import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import { list, misread, text, whole } from '../../../platform/decode.js'
import { idOf } from '../../../schema/ids.js'
import { payload } from '../../host/graph/payload.js'
import { answerRequest, requestSample } from '../flow/pool-samples.js'
import { decideTest, pickFromPool, retest, submitToPool, takeForTest, withdraw, type Verdict } from '../flow/pool.js'
import type { CatalogContext } from './catalog-context.js'
import {
  AnswerSampleInput,
  DecidePoolTestInput,
  PickFromPoolInput,
  PoolEntryInput,
  PoolEntryPayload,
  PoolSamplePayload,
  RetestPoolEntryInput,
  SubmitToPoolInput,
} from './pool-types.js'

/** Acting on the pool; the flow checks who may, and what the state allows. */
@Resolver()
export class PoolMutations {
  @Mutation(() => PoolEntryPayload, {
    description:
      'Submits a product to the pool, or again after it was rejected or withdrawn. For merchants and operators.',
  })
  submitToPool(@Arg('input', () => SubmitToPoolInput) input: SubmitToPoolInput, @Ctx() context: CatalogContext) {
    return entered(context, ({ who, flow }) =>
      submitToPool(flow.pool, who, {
        product: idOf('Product')(input.productId, 'productId'),
        category: text(input.category.trim(), 'category', { most: 100 }),
        commissionBp: whole(input.commissionBp, 'commissionBp', { least: 0, most: 9000 }),
        marginBp: whole(input.marginBp, 'marginBp', { least: 0, most: 10_000 }),
      }),
    )
  }

  @Mutation(() => PoolEntryPayload, { description: 'Takes a submitted product in hand. For operators.' })
  startPoolTest(@Arg('input', () => PoolEntryInput) input: PoolEntryInput, @Ctx() context: CatalogContext) {
    return entered(context, ({ who, flow }) => takeForTest(flow.pool, who, entryId(input)))
  }

  @Mutation(() => PoolEntryPayload, {
    description: 'Ends a test: with a grade the product is approved, with reasons it is rejected. For operators.',
  })
  decidePoolTest(@Arg('input', () => DecidePoolTestInput) input: DecidePoolTestInput, @Ctx() context: CatalogContext) {
    return entered(context, ({ who, flow }) =>
      decideTest(flow.pool, who, { id: entryId(input), verdict: verdictOf(input) }),
    )
  }

  @Mutation(() => PoolEntryPayload, { description: 'Tests an approved product again. For operators.' })
  retestPoolEntry(
    @Arg('input', () => RetestPoolEntryInput) input: RetestPoolEntryInput,
    @Ctx() context: CatalogContext,
  ) {
    const reason = (): string => text(input.reason, 'reason', { most: 200 })
    return entered(context, ({ who, flow }) => retest(flow.pool, who, { id: entryId(input), reason: reason() }))
  }

  @Mutation(() => PoolEntryPayload, { description: 'Takes a product out of the pool. For its merchant and operators.' })
  withdrawFromPool(@Arg('input', () => PoolEntryInput) input: PoolEntryInput, @Ctx() context: CatalogContext) {
    return entered(context, ({ who, flow }) => withdraw(flow.pool, who, entryId(input)))
  }

  @Mutation(() => PoolEntryPayload, {
    description: 'Picks an approved product for your rooms: its commission as it is now is yours. For hosts.',
  })
  pickFromPool(@Arg('input', () => PickFromPoolInput) input: PickFromPoolInput, @Ctx() context: CatalogContext) {
    const { picked } = input
    return entered(context, ({ who, flow }) => pickFromPool(flow.pool, who, { id: entryId(input), picked }))
  }

  @Mutation(() => PoolSamplePayload, { description: 'Wishes to try an approved product. For hosts.' })
  requestSample(@Arg('input', () => PoolEntryInput) input: PoolEntryInput, @Ctx() { who, flow }: CatalogContext) {
    return payload(async () => ({ poolSample: await requestSample(flow.pool, who, entryId(input)) }))
  }

  @Mutation(() => PoolSamplePayload, { description: 'Answers a wish for a sample. For its merchant and operators.' })
  answerSample(@Arg('input', () => AnswerSampleInput) input: AnswerSampleInput, @Ctx() { who, flow }: CatalogContext) {
    return payload(async () => ({
      poolSample: await answerRequest(flow.pool, who, {
        id: idOf('PoolSample')(input.poolSampleId, 'poolSampleId'),
        isSent: input.sent,
        note: text(input.note, 'note', { most: 200 }),
      }),
    }))
  }
}

/** Does the deed, then gives the entry as it is now. */
function entered(context: CatalogContext, deed: (context: CatalogContext) => Promise<string>) {
  return payload(async () => ({ poolEntry: await context.loaders.poolEntries.load(await deed(context)) }))
}

function entryId(input: { readonly poolEntryId: string }): string {
  return idOf('PoolEntry')(input.poolEntryId, 'poolEntryId')
}

/** A grade or reasons, and never both. */
function verdictOf({ grade, reasons }: DecidePoolTestInput): Verdict {
  const given = list(reasons ?? [], 'reasons', (why, at) => text(why, at, { most: 200 }), { most: 20 })
  if (grade === null || grade === undefined) return { reasons: given }
  if (given.length > 0) throw misread('reasons', 'none beside a grade', `${given.length} of them`)
  return { grade }
}

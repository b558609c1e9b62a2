import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql'
import { text, whole } from '../../../platform/decode.js'
import { needRole } from '../../../schema/identity.js'
import { idOf } from '../../../schema/ids.js'
import { money } from '../../../schema/money.js'
import { refuse } from '../../../schema/refuse.js'
import { payload } from '../../host/graph/payload.js'
import { payBalance } from '../flow/pay-order.js'
import { endPreSale, openPreSale } from '../flow/pre-sales.js'
import { readKey } from '../flow/read-request.js'
import { readSharesInput } from './offer-resolver.js'
import { PayOrderInput } from './order-inputs.js'
import { answered, orderId } from './order-mutations.js'
import { OrderPayload, OrderType } from './order-types.js'
import type { OrdersContext } from './orders-context.js'
import { ClosePreSaleInput, DepositType, OpenPreSaleInput, PreSalePayload, PreSaleType } from './pre-sale-types.js'
import { depositView, type DepositView, type PreSaleView } from './pre-sale-views.js'
import { QuoteType, VariantType } from './price-types.js'
import type { OrderView } from './views.js'

/** Goods that are sold for a deposit now and a balance later. */
@Resolver(() => VariantType)
export class PreSaleResolver {
  @Query(() => PreSaleType, { nullable: true, description: 'A pre-sale by its id.' })
  preSale(@Arg('id', () => ID) id: string, @Ctx() { loaders }: OrdersContext) {
    return loaders.preSales.load(idOf('PreSale')(id, 'id'))
  }

  @FieldResolver(() => PreSaleType, {
    name: 'preSale',
    nullable: true,
    description: 'The pre-sale of it that is to come or under way; null when there is none.',
  })
  preSaleOf(@Root() { id }: VariantType, @Ctx() { loaders }: OrdersContext): Promise<PreSaleView | null> {
    return loaders.preSalesOf.load(id)
  }

  @Mutation(() => PreSalePayload, {
    description: 'Opens a pre-sale. For merchants of its seller what the seller bears alone, for operators all.',
  })
  openPreSale(@Arg('input', () => OpenPreSaleInput) input: OpenPreSaleInput, @Ctx() context: OrdersContext) {
    const { who, flow } = context
    return presold(context, () => {
      needRole(who, 'merchant', 'operator')
      return openPreSale(flow.shop, who, readPreSale(input))
    })
  }

  @Mutation(() => PreSalePayload, {
    description: 'Takes no more deposits, or calls a pre-sale off. For merchants of its seller and operators.',
  })
  closePreSale(@Arg('input', () => ClosePreSaleInput) input: ClosePreSaleInput, @Ctx() context: OrdersContext) {
    const { who, flow } = context
    return presold(context, () => {
      needRole(who, 'merchant', 'operator')
      const id = idOf('PreSale')(input.preSaleId, 'preSaleId')
      return endPreSale(flow.shop, who, { id, isCalledOff: input.callOff ?? false })
    })
  }

  @Mutation(() => OrderPayload, {
    description:
      'Pays the balance of an order whose deposit was paid, in the time it is taken. The result may come later: watch orderMoved. For members.',
  })
  payBalance(@Arg('input', () => PayOrderInput) input: PayOrderInput, @Ctx() context: OrdersContext) {
    return answered(context, async ({ who, flow }) => {
      needRole(who, 'member')
      return payBalance(flow.shop, who, {
        idempotencyKey: readKey(input.idempotencyKey),
        order: orderId(input),
        method: text(input.method, 'method', { most: 40 }),
        eCardMinor: whole(input.eCardMinor ?? 0, 'eCardMinor', { least: 0 }),
      })
    })
  }
}

/** What orders of pre-sales pay first. */
@Resolver(() => OrderType)
export class OrderDepositResolver {
  @FieldResolver(() => DepositType, {
    nullable: true,
    description: 'What is paid first, where it was bought in a pre-sale.',
  })
  async deposit(@Root() { id, total }: OrderView, @Ctx() { loaders }: OrdersContext): Promise<DepositView | null> {
    const row = await loaders.deposits.load(id)
    return row === null ? null : depositView(row, total)
  }
}

/** What is paid first of what is quoted. */
@Resolver(() => QuoteType)
export class QuoteDepositResolver {
  @FieldResolver(() => DepositType, {
    nullable: true,
    description: 'What is paid first, where it is bought in a pre-sale.',
  })
  deposit(@Root() { deposit }: { readonly deposit: DepositView | null }): DepositView | null {
    return deposit
  }
}

/** The pre-sale that a deposit belongs to. */
@Resolver(() => DepositType)
export class DepositResolver {
  @FieldResolver(() => PreSaleType, { nullable: true, description: 'The pre-sale.' })
  preSale(@Root() { preSaleId }: DepositView, @Ctx() { loaders }: OrdersContext) {
    return loaders.preSales.load(preSaleId)
  }
}

function presold({ loaders }: OrdersContext, deed: () => Promise<string>) {
  return payload(async () => {
    const id = await deed()
    loaders.preSales.clear(id)
    return { preSale: await loaders.preSales.load(id) }
  })
}

function readPreSale(input: OpenPreSaleInput): Parameters<typeof openPreSale>[2] {
  const deposit = money(input.deposit, 'deposit')
  const counts =
    input.countsFor === null || input.countsFor === undefined ? deposit : money(input.countsFor, 'countsFor')
  if (counts.currency !== deposit.currency)
    throw refuse('CURRENCY_MIXED', 'a deposit counts in its own currency', { details: { place: 'countsFor' } })
  whole(deposit.amountMinor, 'deposit.amountMinor', { least: 1 })
  return {
    idempotencyKey: readKey(input.idempotencyKey),
    variant: idOf('Variant')(input.variantId, 'variantId'),
    deposit,
    countsForMinor: counts.amountMinor,
    shares: readSharesInput(input.shares),
    ...{ depositFrom: input.depositFrom ?? null, depositUntil: input.depositUntil },
    ...{ balanceFrom: input.balanceFrom ?? null, balanceUntil: input.balanceUntil },
    quota: whole(input.quota, 'quota', { least: 1 }),
    perMember: whole(input.perMember, 'perMember', { least: 1 }),
    missed: input.missed ?? 'FORFEIT',
    givenUp: input.givenUp ?? 'FORFEIT',
  }
}

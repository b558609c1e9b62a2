import { Arg, Ctx, Query, Resolver } from 'type-graphql'
import { text } from '../../../platform/decode.js'
import { DateTime } from '../../host/graph/scalars.js'
import { settleAccount } from '../flow/settle-accounts.js'
import type { OrdersContext } from './orders-context.js'
import { SettlementStatementType } from './settlement-types.js'

/** What is owed to whom, over a period. */
@Resolver()
export class SettlementResolver {
  @Query(() => [SettlementStatementType], {
    nullable: true,
    description:
      'An account over a period, one statement for each currency. Operators see all, a merchant those of its sellers, others their own.',
  })
  async settlement(
    @Arg('account', () => String, { description: 'Like seller:shop, host:Member:…, partner-share:kuaishou.' })
    name: string,
    @Arg('from', () => DateTime, { description: 'From this moment on.' }) from: Date,
    @Arg('to', () => DateTime, { description: 'Up to before this one.' }) to: Date,
    @Ctx() { who, flow }: OrdersContext,
  ) {
    const account = text(name, 'account', { most: 200 })
    const statements = await settleAccount(flow.shop, who, { account, from, to })
    return statements.map(({ currency, openingMinor, closingMinor, rows }) => ({
      ...{ account, from, to },
      opening: { amountMinor: openingMinor, currency },
      closing: { amountMinor: closingMinor, currency },
      rows: rows.map(({ kind, session, count, amount_minor: amountMinor }) => ({
        kind,
        session,
        count,
        amount: { amountMinor, currency },
      })),
    }))
  }
}

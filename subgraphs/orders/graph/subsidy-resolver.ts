import { Arg, Ctx, Directive, ID, Mutation, Query, Resolver } from 'type-graphql'
import { text, whole } from '../../../platform/decode.js'
import { holdsScope } from '../../../schema/identity.js'
import { idOf } from '../../../schema/ids.js'
import { money as readMoney } from '../../../schema/money.js'
import { PERSONAL } from '../../host/graph/live-directive.js'
import { readMaybeKey } from '../../host/graph/maybe-key.js'
import { payload } from '../../host/graph/payload.js'
import { readKey } from '../flow/read-request.js'
import type { Shop } from '../flow/shop.js'
import { addToSession, closeSession, openSession } from '../flow/subsidy-sessions.js'
import { borneOfSession, findSubsidySessions, offersOfSession } from '../store/subsidy-sessions.js'
import { readReductionInput, readSharesInput } from './offer-resolver.js'
import type { OrdersContext } from './orders-context.js'
import { stub } from './stubs.js'
import {
  AddToSubsidySessionInput,
  CloseSubsidySessionInput,
  OpenSubsidySessionInput,
  SubsidySessionPayload,
  SubsidySessionType,
} from './subsidy-types.js'
import { money } from './views.js'

/** Subsidies with a budget, a time, and named bearers. */
@Resolver()
export class SubsidyResolver {
  @Directive(PERSONAL)
  @Query(() => SubsidySessionType, {
    nullable: true,
    description:
      'A session of subsidies by its id. For operators, merchants, and the partner inside whose app it holds.',
  })
  async subsidySession(@Arg('id', () => ID) id: string, @Ctx() { who, flow }: OrdersContext) {
    const session = await viewOf(flow.shop, idOf('SubsidySession')(id, 'id'))
    const isOwn =
      session !== null && session.partner !== null && session.partner === who.partner && holdsScope(who, 'statement')
    return isOwn || who.roles.includes('operator') || who.roles.includes('merchant') ? session : null
  }

  @Mutation(() => SubsidySessionPayload, { description: 'Opens a session of subsidies. For operators.' })
  openSubsidySession(
    @Arg('input', () => OpenSubsidySessionInput) input: OpenSubsidySessionInput,
    @Ctx() { who, flow }: OrdersContext,
  ) {
    return answered(flow.shop, () => {
      const budget = readMoney(input.budget, 'budget')
      return openSession(flow.shop, who, {
        idempotencyKey: readKey(input.idempotencyKey),
        label: text(input.label, 'label', { most: 80 }),
        partner: (input.partner ?? null) === null ? null : text(input.partner, 'partner', { most: 40 }),
        currency: budget.currency,
        budgetMinor: whole(budget.amountMinor, 'budget.amountMinor', { least: 1 }),
        shares: readSharesInput(input.shares) ?? [],
        startsAt: input.startsAt ?? null,
        endsAt: input.endsAt ?? null,
      })
    })
  }

  @Mutation(() => SubsidySessionPayload, { description: 'Puts goods into a session. For operators.' })
  addToSubsidySession(
    @Arg('input', () => AddToSubsidySessionInput) input: AddToSubsidySessionInput,
    @Ctx() { who, flow }: OrdersContext,
  ) {
    return answered(flow.shop, async () => {
      const session = idOf('SubsidySession')(input.subsidySessionId, 'subsidySessionId')
      const variant = idOf('Variant')(input.variantId, 'variantId')
      const reduction = readReductionInput(input.reduction)
      await addToSession(flow.shop, who, { idempotencyKey: readMaybeKey(input), session, variant, reduction })
      return session
    })
  }

  @Mutation(() => SubsidySessionPayload, {
    description: 'Ends a session now; what orders have taken stays theirs. For operators.',
  })
  closeSubsidySession(
    @Arg('input', () => CloseSubsidySessionInput) input: CloseSubsidySessionInput,
    @Ctx() { who, flow }: OrdersContext,
  ) {
    return answered(flow.shop, () =>
      closeSession(flow.shop, who, idOf('SubsidySession')(input.subsidySessionId, 'subsidySessionId')),
    )
  }
}

function answered(shop: Shop, deed: () => Promise<string>) {
  return payload(async () => ({ subsidySession: await viewOf(shop, await deed()) }))
}

async function viewOf({ db }: Shop, id: string) {
  const session = (await findSubsidySessions(db, [id])).get(id)
  if (session === undefined) return null
  const [offers, borne] = await Promise.all([offersOfSession(db, id), borneOfSession(db, id)])
  const { label, partner, currency, shares } = session
  return {
    ...{ id, label, partner, startsAt: session.starts_at, endsAt: session.ends_at },
    budget: money(session.budget_minor, currency),
    used: money(session.used_minor, currency),
    bearers: shares.map(({ bearer, shareBp }) => {
      const row = borne.find((one) => one.bearer === bearer)
      return { bearer, shareBp, borne: bearer === 'seller' ? null : money(row?.borne_minor ?? 0, currency) }
    }),
    variants: [...new Set(offers.map(({ variant }) => variant))].map((variant) => stub('Variant', variant)),
  }
}

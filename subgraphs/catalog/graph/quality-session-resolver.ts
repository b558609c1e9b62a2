import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql'
import { list, maybe, misread, text, whole } from '../../../platform/decode.js'
import type { Identity } from '../../../schema/identity.js'
import { idOf } from '../../../schema/ids.js'
import { PageArgs, pageOf, pageRequest, type PageRequest } from '../../host/graph/page.js'
import { payload } from '../../host/graph/payload.js'
import { isOpenAt } from '../domain/quality-session.js'
import { closeQualitySession, openQualitySession, selectGoods } from '../flow/quality-sessions.js'
import {
  findQualitySession,
  pageQualityGoods,
  pageQualitySessions,
  type QualityGoodRow,
  type QualitySessionRow,
} from '../store/quality-sessions.js'
import type { CatalogContext } from './catalog-context.js'
import { ProductType } from './product-types.js'
import {
  CloseQualitySessionInput,
  OpenQualitySessionInput,
  QualityGoodConnection,
  QualityGoodType,
  QualitySessionConnection,
  QualitySessionPayload,
  QualitySessionType,
  SelectForQualitySessionInput,
} from './quality-session-types.js'

/** Pages of approved goods: everybody sees those that are open, their partner and operators also the others. */
@Resolver(() => QualitySessionType)
export class QualitySessionResolver {
  @Query(() => QualitySessionType, {
    nullable: true,
    description: 'A quality session; null while its page is not open, but to its partner and operators.',
  })
  async qualitySession(@Arg('id', () => ID) id: string, @Ctx() { who, flow }: CatalogContext) {
    const session = await findQualitySession(flow.pool.db, idOf('QualitySession')(id, 'id'))
    return session !== null && sees(who, session, flow.pool.clock.now()) ? sessionView(session) : null
  }

  @Query(() => QualitySessionConnection, {
    nullable: true,
    description: 'The quality sessions whose pages are open, in the order in which they were made; for operators all.',
  })
  async qualitySessions(
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { who, flow }: CatalogContext,
    @Arg('partner', () => String, {
      nullable: true,
      description: 'Of this partner only; its own, it sees all of them.',
    })
    partner?: string | null,
  ) {
    const request = pageRequest(args)
    const whose = maybe(partner, 'partner', (name, place) => text(name, place, { most: 40 }))
    const all = who.roles.includes('operator') || (whose !== null && isPartner(who, whose))
    const openAt = all ? null : flow.pool.clock.now()
    const wanted = { openAt, partner: whose, after: behind(request), most: request.limit }
    const rows = await pageQualitySessions(flow.pool.db, wanted)
    return pageOf(rows.map(sessionView), request, ({ number }) => [number])
  }

  @FieldResolver(() => QualityGoodConnection, {
    description: 'Its page, in the order in which the goods were selected.',
  })
  async goods(
    @Root() { id }: QualitySessionType,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { flow }: CatalogContext,
  ) {
    const request = pageRequest(args)
    const asked = { session: id, after: behind(request), most: request.limit }
    const rows = await pageQualityGoods(flow.pool.db, asked)
    return pageOf(rows.map(goodView), request, ({ number }) => [number])
  }

  @Mutation(() => QualitySessionPayload, { description: 'Opens a page that a partner fills. For operators.' })
  openQualitySession(
    @Arg('input', () => OpenQualitySessionInput) input: OpenQualitySessionInput,
    @Ctx() context: CatalogContext,
  ) {
    const { startsAt, endsAt, leastGrade } = input
    return answered(context, ({ who, flow }) =>
      openQualitySession(flow.pool, who, {
        idempotencyKey: keyOf(input),
        label: text(input.label, 'label', { most: 80 }),
        partner: text(input.partner, 'partner', { most: 40 }),
        ...{ leastGrade, startsAt: startsAt ?? null, endsAt: endsAt ?? null },
      }),
    )
  }

  @Mutation(() => QualitySessionPayload, {
    description: 'Puts approved goods on the page of a session, or takes them off. For its partner and operators.',
  })
  selectForQualitySession(
    @Arg('input', () => SelectForQualitySessionInput) input: SelectForQualitySessionInput,
    @Ctx() context: CatalogContext,
  ) {
    return answered(context, ({ who, flow }) =>
      selectGoods(flow.pool, who, {
        idempotencyKey: keyOf(input),
        session: sessionId(input),
        entries: entriesOf(input.poolEntryIds),
        selected: input.selected,
      }),
    )
  }

  @Mutation(() => QualitySessionPayload, { description: 'Ends a session now. For its partner and operators.' })
  closeQualitySession(
    @Arg('input', () => CloseQualitySessionInput) input: CloseQualitySessionInput,
    @Ctx() context: CatalogContext,
  ) {
    return answered(context, ({ who, flow }) =>
      closeQualitySession(flow.pool, who, { idempotencyKey: keyOf(input), session: sessionId(input) }),
    )
  }
}

/** The product behind a line of a page. */
@Resolver(() => QualityGoodType)
export class QualityGoodResolver {
  @FieldResolver(() => ProductType, { nullable: true, description: 'The product.' })
  product(@Root() { productId }: GoodView, @Ctx() { loaders }: CatalogContext) {
    return loaders.products.load(productId)
  }
}

/** Does the deed, then gives the session as it is now. */
function answered(context: CatalogContext, deed: (context: CatalogContext) => Promise<string>) {
  return payload(async () => {
    const session = await findQualitySession(context.flow.pool.db, await deed(context))
    return { qualitySession: session === null ? null : sessionView(session) }
  })
}

function isPartner({ roles, partner }: Identity, named: string): boolean {
  return roles.includes('partner') && partner === named
}

function sees(who: Identity, session: QualitySessionRow, now: Date): boolean {
  const { starts_at: startsAt, ends_at: endsAt, partner } = session
  return who.roles.includes('operator') || isPartner(who, partner) || isOpenAt({ startsAt, endsAt }, now)
}

function sessionView({ id, number, label, partner, least_grade, starts_at, ends_at }: QualitySessionRow) {
  return { id, number, label, partner, leastGrade: least_grade, startsAt: starts_at, endsAt: ends_at }
}

type GoodView = ReturnType<typeof goodView>

function goodView({ number, product, grade, at }: QualityGoodRow) {
  return { number, productId: product, grade, selectedAt: at }
}

function keyOf({ idempotencyKey }: { readonly idempotencyKey: string }): string {
  return text(idempotencyKey, 'idempotencyKey', { most: 200 })
}

function sessionId({ qualitySessionId }: { readonly qualitySessionId: string }): string {
  return idOf('QualitySession')(qualitySessionId, 'qualitySessionId')
}

function entriesOf(ids: readonly string[]): readonly string[] {
  const entries = list(ids, 'poolEntryIds', idOf('PoolEntry'), { most: 100 })
  if (entries.length === 0) throw misread('poolEntryIds', 'one id at least', 'none')
  return [...new Set(entries)]
}

function behind(request: PageRequest): number {
  return request.after === null ? 0 : whole(request.after[0], 'after')
}

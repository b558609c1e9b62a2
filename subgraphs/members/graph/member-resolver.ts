import { Arg, Args, Ctx, Directive, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql'
import { instant, text, whole } from '../../../platform/decode.js'
import { idOf } from '../../../schema/ids.js'
import { memberOf, type Identity, type Role } from '../../../schema/identity.js'
import { currency as currencyOf, type Money } from '../../../schema/money.js'
import { refuse } from '../../../schema/refuse.js'
import { PageArgs, pageOf, pageRequest, type Page } from '../../host/graph/page.js'
import { readMaybeKey } from '../../host/graph/maybe-key.js'
import { payload, type Answered } from '../../host/graph/payload.js'
import { nicknameOf } from '../flow/ensure-members.js'
import type { Address } from '../store/address-rows.js'
import type { ECardEntry, ECardKey } from '../store/e-card-rows.js'
import type { Member, PlusPeriodRow } from '../store/member-rows.js'
import {
  AddAddressInput,
  AddAddressPayload,
  AddressType,
  ECardEntryConnection,
  ECardEntryType,
  ECardType,
  EnsureMembersInput,
  EnsureMembersPayload,
  MemberType,
  PlusPeriodConnection,
  PlusType,
  RemoveAddressInput,
  RemoveAddressPayload,
  RoleType,
} from './member-types.js'
import { MoneyType } from '../../host/graph/money.js'
import type { MembersContext } from './members-context.js'
import { PERSONAL } from '../../host/graph/live-directive.js'

/** Members, and what each may see of himself alone. */
@Resolver(() => MemberType)
export class MemberResolver {
  @Query(() => MemberType, { nullable: true, description: 'The member who asks; null for a visitor without a token.' })
  async me(@Ctx() { who, loaders }: MembersContext): Promise<Member | null> {
    return who.member === null ? null : await memberOrStranger(who.member, loaders)
  }

  @Query(() => MemberType, { nullable: true, description: 'A member by its id.' })
  member(@Arg('id', () => ID) id: string, @Ctx() { loaders }: MembersContext): Promise<Member | null> {
    return loaders.members.load(idOf('Member')(id, 'id'))
  }

  @Mutation(() => EnsureMembersPayload, {
    description: 'Makes members known under their nicknames; a known one is renamed. For operators.',
  })
  ensureMembers(
    @Arg('input', () => EnsureMembersInput) { members }: EnsureMembersInput,
    @Ctx() { who, flow, loaders }: MembersContext,
  ): Promise<Answered<{ members: readonly (Member | null | Error)[] }>> {
    return payload(async () => ({ members: await loaders.members.loadMany(await flow.ensureMembers(who, members)) }))
  }

  @Mutation(() => AddAddressPayload, { description: 'Keeps an address of the member who asks.' })
  addAddress(
    @Arg('input', () => AddAddressInput) input: AddAddressInput,
    @Ctx() { who, flow }: MembersContext,
  ): Promise<Answered<{ address: Address }>> {
    return payload(async () => {
      const { regionCode, line, receiver, phone } = input
      const asked = { idempotencyKey: readMaybeKey(input), regionCode, line, receiver, phone }
      return { address: await flow.addAddress(who, asked) }
    })
  }

  @Mutation(() => RemoveAddressPayload, {
    description: 'Deletes an address of the member who asks. Orders that were placed with it stay, and still go there.',
  })
  removeAddress(
    @Arg('input', () => RemoveAddressInput) { addressId }: RemoveAddressInput,
    @Ctx() { who, flow }: MembersContext,
  ): Promise<Answered<{ addressId: string }>> {
    return payload(async () => ({ addressId: await flow.removeAddress(who, addressId) }))
  }

  @Directive(PERSONAL)
  @FieldResolver(() => [RoleType], {
    nullable: true,
    description: 'What the token of the one who asks lets him do; null for others.',
  })
  roles(@Root() { id }: Member, @Ctx() { who }: MembersContext): readonly Role[] | null {
    return who.member === id ? who.roles : null
  }

  @Directive(PERSONAL)
  @FieldResolver(() => PlusType, { nullable: true, description: 'PLUS; null when the member never had it.' })
  plus(@Root() { id, plusUntil }: Member, @Ctx() { flow }: MembersContext): PlusView | null {
    return plusUntil === null ? null : { member: id, until: plusUntil, active: flow.isToCome(plusUntil) }
  }

  @Directive(PERSONAL)
  @FieldResolver(() => ECardType, {
    nullable: true,
    description: 'The e-card account; for the member and for operators.',
  })
  eCard(
    @Root() { id }: Member,
    @Arg('currency', () => String, { defaultValue: 'CNY', description: 'ISO 4217, three capitals.' }) currency: string,
    @Ctx() { who }: MembersContext,
  ): ECardKey {
    if (!who.roles.includes('operator')) needSelf(who, id)
    return { member: id, currency: currencyOf(currency, 'currency') }
  }

  @Directive(PERSONAL)
  @FieldResolver(() => [AddressType], {
    nullable: true,
    description: 'The addresses kept, the newest first; for the member alone.',
  })
  addresses(@Root() { id }: Member, @Ctx() { who, loaders }: MembersContext): Promise<readonly Address[]> {
    needSelf(who, id)
    return loaders.addressesOf.load(id)
  }
}

/** A membership as the resolvers hand it on. */
interface PlusView extends PlusType {
  readonly member: string
}

/** A PLUS membership. */
@Resolver(() => PlusType)
export class PlusResolver {
  @Directive(PERSONAL)
  @FieldResolver(() => PlusPeriodConnection, {
    nullable: true,
    description: 'Its periods, the newest first; for the member and for operators.',
  })
  async periods(
    @Root() { member }: PlusView,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { who, flow }: MembersContext,
  ): Promise<Page<PlusPeriodRow>> {
    if (!who.roles.includes('operator')) needSelf(who, member)
    const request = pageRequest(args)
    const [startsAt, grant] = request.after ?? []
    const after =
      request.after === null
        ? null
        : { startsAt: instant(startsAt, 'after'), grant: text(grant, 'after', { least: 0 }) }
    const rows = await flow.pagePeriods(member, { limit: request.limit, after })
    return pageOf(rows, request, (row) => [row.startsAt.toISOString(), row.grant])
  }
}

/** An e-card account. */
@Resolver(() => ECardType)
export class ECardResolver {
  @FieldResolver(() => MoneyType, { description: 'What is there now.' })
  async balance(@Root() account: ECardKey, @Ctx() { loaders }: MembersContext): Promise<Money> {
    return { amountMinor: await loaders.balances.load(account), currency: account.currency }
  }

  @FieldResolver(() => ECardEntryConnection, { description: 'Its movements, the newest first.' })
  async entries(
    @Root() account: ECardKey,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { flow }: MembersContext,
  ): Promise<Page<ECardEntry>> {
    const request = pageRequest(args)
    const after = request.after === null ? null : whole(request.after[0], 'after', { least: 0 })
    const rows = await flow.pageEntries(account, { limit: request.limit, after })
    return pageOf(rows, request, ({ number }) => [number])
  }
}

/** A movement of an e-card account. */
@Resolver(() => ECardEntryType)
export class ECardEntryResolver {
  @FieldResolver(() => MoneyType, { description: 'What came in; below zero what went out.' })
  amount(@Root() { amountMinor, currency }: ECardEntry): Money {
    return { amountMinor, currency }
  }

  @FieldResolver(() => MoneyType, { description: 'What was there afterwards.' })
  balance(@Root() { balanceMinor, currency }: ECardEntry): Money {
    return { amountMinor: balanceMinor, currency }
  }
}

/** A member by his token or by what others say of him: one who has told us nothing yet is called by his key. */
export async function memberOrStranger(id: string, { members }: MembersContext['loaders']): Promise<Member> {
  return (await members.load(id)) ?? { id, nickname: nicknameOf(id), plusUntil: null }
}

/** Refuses everybody but the member himself. */
export function needSelf(who: Identity, member: string): void {
  if (memberOf(who) !== member) throw refuse('FORBIDDEN', 'this is shown to the member alone')
}

import { Args, Ctx, Directive, FieldResolver, Resolver, Root, Subscription } from 'type-graphql'
import { whole } from '../../../platform/decode.js'
import { memberOf } from '../../../schema/identity.js'
import { PERSONAL } from '../../host/graph/live-directive.js'
import { PageArgs, pageOf, pageRequest, type Page } from '../../host/graph/page.js'
import type { Member } from '../store/member-rows.js'
import type { ReminderRow } from '../store/reminder-rows.js'
import { memberOrStranger, needSelf } from './member-resolver.js'
import { MemberType } from './member-types.js'
import type { MembersContext } from './members-context.js'
import { ReminderConnection, type ReminderType } from './reminder-types.js'

/** What a member is reminded of. */
@Resolver(() => MemberType)
export class ReminderResolver {
  @Directive(PERSONAL)
  @FieldResolver(() => ReminderConnection, {
    nullable: true,
    description: 'What he is reminded of, the newest first, until ninety days after its moment; for the member alone.',
  })
  async reminders(
    @Root() { id }: Member,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { who, flow }: MembersContext,
  ): Promise<Page<ReminderType & { readonly number: number }>> {
    needSelf(who, id)
    const request = pageRequest(args)
    const after = request.after === null ? null : whole(request.after[0], 'after', { least: 0 })
    const rows = await flow.pageReminders(id, { limit: request.limit, after })
    return pageOf(rows.map(reminderView), request, ({ number }) => [number])
  }

  @Subscription(() => MemberType, {
    description:
      'You, at once and again each time that something new reminds you; ask for the newest of your reminders.',
    // TypeGraphQL does not know its context.
    subscribe: ({ context }) => watched(context as MembersContext),
  })
  meReminded(@Root() id: string, @Ctx() { loaders }: MembersContext): Promise<Member> {
    return memberOrStranger(id, loaders)
  }
}

function watched({ who, flow }: MembersContext): Promise<AsyncIterableIterator<string>> {
  return flow.watchReminders(memberOf(who))
}

function reminderView({ number, cause, kind, product, order, balanceMinor, currency, due, at }: ReminderRow) {
  return {
    ...{ number, id: cause, kind, due, at },
    product: { __typename: 'Product', id: product },
    order: order === null ? null : { __typename: 'Order', id: order },
    balance: balanceMinor === null || currency === null ? null : { amountMinor: balanceMinor, currency },
  }
}

import { Arg, Args, Ctx, Mutation, Query, Resolver } from 'type-graphql'
import { misread, text } from '../../../../platform/decode.js'
import { partnerWith } from '../../../../schema/identity.js'
import { refuse } from '../../../../schema/refuse.js'
import { PageArgs, pageOf, pageRequest, type Page } from '../../../host/graph/page.js'
import { payload, type Answered } from '../../../host/graph/payload.js'
import { bodyOf, letterOf, secretOf, tellable } from '../letter.js'
import { deadLetters, readWebhook, reviveLetters, setWebhook, type DeadRow, type WebhookRow } from '../store/letters.js'
import type { Asking } from './asking.js'
import {
  DeadLetterConnection,
  PartnerWebhookType,
  RedeliverDeadLettersInput,
  RedeliverDeadLettersPayload,
  SetPartnerWebhookInput,
  SetPartnerWebhookPayload,
  type DeadLetterType,
} from './webhook-types.js'

/** A partner's own letters; nobody sees another's. */
@Resolver()
export class WebhookResolver {
  @Query(() => PartnerWebhookType, {
    nullable: true,
    description: 'Where you are told; null when nowhere. For partners.',
  })
  async partnerWebhook(@Ctx() { who, flow }: Asking): Promise<PartnerWebhookType | null> {
    const row = await readWebhook(flow.db, partnerWith(who, 'events'))
    return row === null ? null : webhookValue(row)
  }

  @Query(() => DeadLetterConnection, {
    nullable: true,
    description: 'Letters to you that could not be delivered. For partners.',
  })
  async partnerDeadLetters(
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { who, flow }: Asking,
  ): Promise<Page<DeadLetterType>> {
    const request = pageRequest(args)
    const [after = ''] = request.after ?? []
    if (typeof after !== 'string') throw misread('after', 'a cursor of this list', after)
    const rows = await deadLetters(flow.db, { partner: partnerWith(who, 'events'), after, most: request.limit })
    return pageOf(rows.map(deadValue), request, ({ key }) => [key])
  }

  @Mutation(() => SetPartnerWebhookPayload, {
    description: 'Sets where you are told of your orders, and of prices, stock and shelf. For partners.',
  })
  async setPartnerWebhook(
    @Arg('input', () => SetPartnerWebhookInput) input: SetPartnerWebhookInput,
    @Ctx() { who, flow }: Asking,
  ): Promise<Answered<{ webhook: PartnerWebhookType; secret: string }>> {
    const partner = partnerWith(who, 'events')
    return await payload(async () => {
      const url = tellable(input.url, flow.config.hosts)
      const row = await setWebhook(flow.db, { partner, url, renew: input.newSecret === true, at: flow.clock.now() })
      return { webhook: webhookValue(row), secret: secretOf(flow.key, partner, row.secret_version) }
    })
  }

  @Mutation(() => RedeliverDeadLettersPayload, { description: 'Has dead letters sent again. For partners.' })
  async redeliverDeadLetters(
    @Arg('input', () => RedeliverDeadLettersInput) input: RedeliverDeadLettersInput,
    @Ctx() { who, flow }: Asking,
  ): Promise<Answered<{ count: number }>> {
    const partner = partnerWith(who, 'events')
    return await payload(async () => {
      const key = input.key == null ? null : text(input.key, 'key', { most: 400 })
      const count = await reviveLetters(flow.db, { partner, key, now: flow.clock.now() })
      if (count === 0 && key !== null) throw refuse('NOT_FOUND', 'no such dead letter of yours')
      flow.wake()
      return { count }
    })
  }
}

function webhookValue({ url, set_at: setAt }: WebhookRow): PartnerWebhookType {
  return { url, setAt }
}

function deadValue({ key, body, tries, stuck: reason }: DeadRow): DeadLetterType {
  const letter = letterOf(body)
  return { key, kind: letter.kind, tries, reason, body: bodyOf(letter) }
}

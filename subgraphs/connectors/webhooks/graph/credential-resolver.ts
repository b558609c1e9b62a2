import { Arg, Args, Ctx, Directive, Int, Mutation, Query, Resolver } from 'type-graphql'
import { misread, text, whole } from '../../../../platform/decode.js'
import { needRole, type Identity } from '../../../../schema/identity.js'
import { refuse } from '../../../../schema/refuse.js'
import { PageArgs, pageOf, pageRequest, type Page } from '../../../host/graph/page.js'
import { payload, type Answered } from '../../../host/graph/payload.js'
import { SafeInt } from '../../../host/graph/scalars.js'
import { readLimits, STANDARD } from '../credential.js'
import { windowsAt } from '../domain/allowance.js'
import {
  changeCredential,
  drawAllowance,
  issueCredential,
  revokeCredential,
  rotateSecret,
  type Desk,
} from '../flow/credentials.js'
import { pageOfCredentials, readCredential, secretsOf, type CredentialRow } from '../store/credentials.js'
import type { Asking } from './asking.js'
import {
  ChangePartnerCredentialInput,
  IssuePartnerCredentialInput,
  PartnerCredentialConnection,
  PartnerCredentialPayload,
  RevokePartnerCredentialInput,
  RotatePartnerSecretInput,
  type PartnerCredentialType,
} from './credential-types.js'

const MOST_ROOTS = 100_000
const WEEK_SECONDS = 604_800

/** Credentials of partners, in the hands of those who run the shop; a secret is told once and never again. */
@Resolver()
export class CredentialResolver {
  @Query(() => PartnerCredentialConnection, {
    nullable: true,
    description: "Partners' credentials, those that were revoked too. For operators.",
  })
  async partnerCredentials(
    @Args(() => PageArgs) args: PageArgs,
    @Arg('partner', () => String, { nullable: true, description: "This partner's only." }) partner: string | null,
    @Ctx() { who, flow }: Asking,
  ): Promise<Page<PartnerCredentialType>> {
    operatorOf(who)
    const request = pageRequest(args)
    const [after = ''] = request.after ?? []
    if (typeof after !== 'string') throw misread('after', 'a cursor of this list', after)
    const rows = await pageOfCredentials(flow.db, { partner: partner ?? null, after, most: request.limit })
    return pageOf(await viewed(flow.desk, rows), request, ({ clientId }) => [clientId])
  }

  @Mutation(() => PartnerCredentialPayload, { description: 'Issues a credential. For operators.' })
  issuePartnerCredential(
    @Arg('input', () => IssuePartnerCredentialInput) input: IssuePartnerCredentialInput,
    @Ctx() { who, flow: { desk } }: Asking,
  ): Promise<CredentialAnswer> {
    const owner = operatorOf(who)
    return answered(desk, () =>
      issueCredential(desk, {
        owner,
        idempotencyKey: key(input.idempotencyKey),
        partner: partnerName(input.partner),
        label: text(input.label, 'label', { most: 100 }),
        limits: readLimits(input, STANDARD),
      }),
    )
  }

  @Mutation(() => PartnerCredentialPayload, {
    description: 'Gives a credential another secret; the one before goes on for a while. For operators.',
  })
  rotatePartnerSecret(
    @Arg('input', () => RotatePartnerSecretInput) input: RotatePartnerSecretInput,
    @Ctx() { who, flow: { desk } }: Asking,
  ): Promise<CredentialAnswer> {
    const owner = operatorOf(who)
    return answered(desk, () => {
      const seconds = whole(input.overlapSeconds, 'overlapSeconds', { least: 0, most: WEEK_SECONDS })
      return rotateSecret(desk, {
        ...{ owner, idempotencyKey: key(input.idempotencyKey), id: clientId(input), overlapMs: seconds * 1000 },
      })
    })
  }

  @Mutation(() => PartnerCredentialPayload, {
    description: 'Changes what a credential may do: quotas at once, the rest with its next token. For operators.',
  })
  changePartnerCredential(
    @Arg('input', () => ChangePartnerCredentialInput) input: ChangePartnerCredentialInput,
    @Ctx() { who, flow: { desk } }: Asking,
  ): Promise<CredentialAnswer> {
    operatorOf(who)
    return answered(desk, async () => {
      const { scopes, perMinute, perDay, networks } = input
      const id = clientId(input)
      return { id: await changeCredential(desk, { id, scopes, perMinute, perDay, networks }), secret: null }
    })
  }

  @Mutation(() => PartnerCredentialPayload, {
    description:
      'Ends a credential for ever: its tokens are refused within seconds, what runs ends with them. For operators.',
  })
  revokePartnerCredential(
    @Arg('input', () => RevokePartnerCredentialInput) input: RevokePartnerCredentialInput,
    @Ctx() { who, flow: { desk } }: Asking,
  ): Promise<CredentialAnswer> {
    operatorOf(who)
    return answered(desk, async () => {
      const why = text(input.reason, 'reason', { most: 200 })
      return { id: await revokeCredential(desk, { id: clientId(input), why }), secret: null }
    })
  }

  @Directive('@inaccessible')
  @Mutation(() => [SafeInt], {
    description:
      "Draws of the asker's quota: how many operations are granted, after how many seconds to ask again where none, and the minute that they count in. For the gateway's own questions: no client can see it.",
  })
  async drawPartnerAllowance(
    @Arg('count', () => Int, { description: 'At least so many.' }) count: number,
    @Arg('unused', () => Int, { description: 'So many of those drawn before were not used.' }) unused: number,
    @Arg('minute', () => SafeInt, { description: 'The minute that those count in.' }) minute: number,
    @Ctx() { who, flow: { desk } }: Asking,
  ): Promise<readonly number[]> {
    if (who.credential === undefined) throw refuse('FORBIDDEN', 'only what a credential was exchanged for has a quota')
    const drawn = await drawAllowance(desk, who.credential.id, {
      count: whole(count, 'count', { least: 1, most: MOST_ROOTS }),
      back: {
        count: whole(unused, 'unused', { least: 0, most: MOST_ROOTS }),
        minute: whole(minute, 'minute', { least: 0, most: Number.MAX_SAFE_INTEGER / 60_000 }),
      },
    })
    return [drawn.granted, drawn.retryAfterSeconds, drawn.use.minute]
  }
}

type CredentialAnswer = Answered<{ credential: PartnerCredentialType; secret: string | null }>

async function answered(
  desk: Desk,
  deed: () => Promise<{ readonly id: string; readonly secret: string | null }>,
): Promise<CredentialAnswer> {
  return await payload(async () => {
    const { id, secret } = await deed()
    const row = await readCredential(desk.db, id)
    const [credential] = row === null ? [] : await viewed(desk, [row])
    if (credential === undefined) throw new Error('a credential that was written is not there')
    return { credential, secret }
  })
}

async function viewed(desk: Desk, rows: readonly CredentialRow[]): Promise<readonly PartnerCredentialType[]> {
  const now = desk.clock.now()
  const ids = rows.map(({ id }) => id)
  const secrets = await secretsOf(desk.db, ids, now)
  return rows.map((row) => ({
    clientId: row.id,
    ...{ partner: row.partner, label: row.label, scopes: row.scopes, networks: row.networks },
    ...{ perMinute: row.per_minute, perDay: row.per_day },
    usedToday: row.day === windowsAt(now).day ? row.day_used : 0,
    secrets: (secrets.get(row.id) ?? []).map(({ made_at: madeAt, ends_at: endsAt }) => ({ madeAt, endsAt })),
    ...{ madeAt: row.made_at, usedAt: row.used_at, revokedAt: row.revoked_at, revokedWhy: row.revoked_why },
  }))
}

/** Whoever runs the shop; gives whose his idempotency keys are. */
function operatorOf(who: Identity): string {
  needRole(who, 'operator', 'platform-operator')
  return who.member ?? 'operator'
}

function partnerName(value: string): string {
  if (/^[a-z0-9][a-z0-9-]{0,39}$/.test(value)) return value
  throw misread('partner', 'a short name of a to z, 0 to 9 and dashes', value)
}

function clientId(input: { readonly clientId: string }): string {
  return text(input.clientId, 'clientId', { most: 100 })
}

function key(value: string): string {
  return text(value, 'idempotencyKey', { most: 200 })
}

import type { Bus } from '../../platform/bus/bus.js'
import type { Database } from '../../platform/db/database.js'
import { fields, text } from '../../platform/decode.js'
import type { DoorAnswer } from '../../platform/http/door.js'
import { secretsFrom } from '../../platform/secret.js'
import { seededChance } from '../../platform/time/chance.js'
import { readClick, type Click } from '../../schema/click.js'
import type { OrderMoved, OrderState } from '../../schema/events/orders.js'
import { ANONYMOUS, type Identity, type Role } from '../../schema/identity.js'
import { campaigns } from '../../subgraphs/campaigns/subgraph.js'
import { runSubgraph, type HostedSubgraph } from '../../subgraphs/host/run.js'
import { aGround } from './ground.js'

/** The key of everything that contests sign under test. */
export const secrets = secretsFrom(Buffer.alloc(32, 7))

/** Somebody with one role. */
export function someone(member: string, ...roles: readonly Role[]): Identity {
  return { ...ANONYMOUS, member, roles: ['member', ...roles], expiresAt: 4_000_000_000 }
}

export const manager = someone('Member:boss', 'campaign-manager')
export const influencer = (name: string): Identity => someone(`Member:${name}`, 'influencer')

/** The subgraph of campaigns alone on a database, and what a test does with it. */
export interface Contest {
  readonly hosted: HostedSubgraph
  readonly bus: Bus
  /** The data of an answer without errors. */
  ask(query: string, variables: Readonly<Record<string, unknown>>, who: Identity): Promise<Record<string, unknown>>
  /** A campaign that is open, its id. */
  opened(input?: Readonly<Record<string, unknown>>): Promise<string>
  /** Enrols and takes a link for the product; its address. */
  linked(campaign: string, name: string, product?: string): Promise<string>
  /** Goes to a link's door. */
  visit(url: string, headers?: Readonly<Record<string, string>>): Promise<DoorAnswer>
  /** Follows a link as a person; what the sale page was told, and the cookie. */
  clicked(url: string, cookie?: string): Promise<{ readonly click: Click; readonly cookie: string }>
  /** Tells what orders would tell. */
  tell(...events: readonly OrderMoved[]): Promise<void>
  stop(): Promise<void>
}

export const PRODUCT = 'Product:p1'
const DRAFT = {
  title: 'Who is the Daihuo King',
  closesAt: '2099-01-01T00:00:00.000Z',
  prizes: [{ rank: 1, plusYears: 100, eCard: { amountMinor: 100_000_000, currency: 'CNY' } }],
}

/** Opens the subgraph on a database. */
export async function aContest(db: Database): Promise<Contest> {
  const ground = aGround({ db, chance: seededChance(5) })
  const subgraph = campaigns({
    secrets,
    env: { PUBLIC_URL: 'https://shop.example', SALE_URL: 'https://sale.example/' },
  })
  const hosted = await runSubgraph(subgraph, ground)
  let told = 0

  async function ask(query: string, variables: Readonly<Record<string, unknown>>, who: Identity) {
    const { data, errors } = await hosted.ask({ query, variables }, who)
    if (errors !== undefined) throw new Error(JSON.stringify(errors))
    return fields(data, 'data')
  }

  async function opened(input: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const drafted = await ask(
      `mutation ($input: DraftCampaignInput!) { it: draftCampaign(input: $input) { campaign { id } errors { message } } }`,
      { input: { ...DRAFT, ...input } },
      manager,
    )
    const campaignId = text(read(drafted, 'it', 'campaign', 'id'), 'id')
    await ask(
      `mutation ($input: OpenCampaignInput!) { it: openCampaign(input: $input) { campaign { id } errors { message } } }`,
      { input: { campaignId } },
      manager,
    )
    return campaignId
  }

  async function linked(campaignId: string, name: string, productId = PRODUCT): Promise<string> {
    const who = influencer(name)
    await ask(
      `mutation ($input: EnrolInput!) { enrol(input: $input) { errors { code } } }`,
      { input: { campaignId } },
      who,
    )
    const taken = await ask(
      `mutation ($input: TakeLinkInput!) { it: takeLink(input: $input) { link { url } errors { code } } }`,
      { input: { campaignId, productId } },
      who,
    )
    return text(read(taken, 'it', 'link', 'url'), 'url')
  }

  async function visit(url: string, headers: Readonly<Record<string, string>> = {}): Promise<DoorAnswer> {
    const door = hosted.doors.find(({ path }) => path === '/l/:code')
    if (door === undefined) throw new Error('there is no door for links')
    return await door.answer({
      method: headers['method'] ?? 'GET',
      path: new Map([['code', new URL(url).pathname.slice('/l/'.length)]]),
      query: new URLSearchParams(),
      headers: new Map(Object.entries({ 'user-agent': 'Mozilla/5.0', ...headers })),
      body: new Uint8Array(),
      address: '203.0.113.7',
    })
  }

  async function clicked(url: string, cookie = '') {
    const { headers } = await visit(url, { cookie })
    const id = new URL(headers['location'] ?? '').searchParams.get('click')
    return { click: readClick(secrets.key('link'), id), cookie: (headers['set-cookie'] ?? '').split(';')[0] ?? '' }
  }

  async function tell(...events: readonly OrderMoved[]): Promise<void> {
    const entries = events.map((event) => ({ position: `${++told}-1`, body: JSON.stringify(event) }))
    await ground.bus.append('orders', entries)
  }

  return { hosted, bus: ground.bus, ask, opened, linked, visit, clicked, tell, stop: () => hosted.stop() }
}

/** Which step of an order leads to a state. */
const STEP: Readonly<Record<OrderState, number>> = {
  ...{ RESERVED: 1, PAYING: 2, PAID: 3, SHIPPED: 4, COMPLETED: 5, CANCELLED: 6, EXPIRED: 6, REFUNDED: 7 },
  ...{ DEPOSIT_DUE: 1, DEPOSIT_PAYING: 1, DEPOSIT_PAID: 1, BALANCE_PAYING: 2, FORFEITED: 6 },
}

/** An order of one line that came with a click, as `orders` tells of it. */
export function moved(
  name: string,
  state: OrderState,
  {
    click,
    product = PRODUCT,
    member = 'Member:buyer',
    version,
    at,
  }: {
    readonly click: Click
    readonly product?: string
    readonly member?: string
    readonly version?: number
    readonly at?: Date
  },
): OrderMoved {
  const step = version ?? STEP[state]
  return {
    kind: 'orders.moved',
    id: `Order:${name}:v${step}`,
    at: (at ?? new Date(click.at.getTime() + step * 1000)).toISOString(),
    order: `Order:${name}`,
    version: step,
    state,
    member,
    partner: null,
    partnerOrder: null,
    totalMinor: 100,
    currency: 'CNY',
    carrier: null,
    waybill: null,
    lines: [
      {
        line: `OrderLine:${name}-1`,
        variant: 'Variant:v1',
        product,
        ...{ quantity: 1, totalMinor: 100, left: 1, leftMinor: 100 },
        room: null,
        host: null,
        outlet: null,
        campaignLink: click.link,
        click: click.click,
      },
    ],
  }
}

/** A value deep inside an answer. */
export function read(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (Array.isArray(at) ? (at as unknown[])[Number(key)] : fields(at, String(key))[key]),
    value,
  )
}

/** An instant so many milliseconds from now: windows are held by the database's clock, which a test does not move. */
export function fromNow(ms: number): Date {
  return new Date(Date.now() + ms)
}

import { join } from 'node:path'
import { projectRoot } from '../../platform/config/project-root.js'
import { fields, list, text } from '../../platform/decode.js'
import { secretsFrom } from '../../platform/secret.js'
import type { Chance } from '../../platform/time/chance.js'
import { pause, systemClock } from '../../platform/time/clock.js'
import { signToken } from '../../platform/token.js'
import type { Ask } from '../../schema/ask.js'
import { askShop } from '../../scripts/client/ask-shop.js'
import { act, nodesOf, read } from '../../scripts/client/deed.js'
import { importFile } from '../../scripts/import/import-file.js'

const TIMEOUT_MS = 5_000
const ERRORS = 'errors { code message }'

/** Everything that must arrive, with fields of four subgraphs in it, and the stock, of which the newest must. */
export const WATCHED = `subscription Watched($roomId: ID!, $after: String) {
  liveEvents(roomId: $roomId, after: $after) {
    __typename
    ... on CommentPosted { cursor comment { id text author { id nickname } } }
    ... on ProductShelved { cursor product { title } variant { id title } }
    ... on StockMoved { cursor available variant { id } }
    ... on RoomStateChanged { cursor state }
    ... on Gap { cursor missedFrom missedTo }
  }
}`

/** A live room with one variant on its shelf. */
export interface Scene {
  readonly roomId: string
  readonly product: string
  readonly variant: string
}

/** Asks any gateway in somebody's name, each time one of them by chance. */
export async function voice(
  endpoints: readonly string[],
  secret: string,
  its: { readonly claims: Readonly<Record<string, unknown>>; readonly chance: Chance },
): Promise<Ask> {
  const key = secretsFrom(Buffer.from(secret, 'hex')).key('token')
  const token = await signToken(key, { ...its.claims }, { clock: systemClock, seconds: 36_000 })
  const asks = endpoints.map((url) => askShop({ url, token, timeoutMs: TIMEOUT_MS }))
  return async (question) => {
    const ask = asks[Math.floor(its.chance.fraction() * asks.length)]
    if (ask === undefined) throw new Error('there is no gateway')
    return await ask(question)
  }
}

/** The host and so many who speak. */
export async function ensureMembers(operator: Ask, voices: number): Promise<void> {
  const members = ['host', ...Array.from({ length: voices }, (_, at) => `voice-${at}`)]
  const known = { members: members.map((key) => ({ id: `Member:${key}`, nickname: key })) }
  await act(operator, `mutation($i: EnsureMembersInput!) { ensureMembers(input: $i) { ${ERRORS} } }`, { i: known })
}

/** The sample's goods -> a live room with one of them. */
export async function openScene(operator: Ask, host: Ask): Promise<Scene> {
  const { product, variant } = await importedGoods(operator)
  const plan = { title: 'kill', kind: 'STORE', commentsPerMemberPerMinute: 100_000, commentsPerMinute: 1_000_000 }
  const scheduled = await act(
    host,
    `mutation($i: ScheduleRoomInput!) { scheduleRoom(input: $i) { room { id } ${ERRORS} } }`,
    { i: plan },
  )
  const roomId = text(fields(scheduled['room'], 'room')['id'], 'room.id')
  await act(host, `mutation($i: RoomInput!) { goLive(input: $i) { ${ERRORS} } }`, { i: { roomId } })
  const shelved = { roomId, productId: product, variantId: variant, roomPrice: { amountMinor: 1900, currency: 'CNY' } }
  await act(host, `mutation($i: PutOnShelfInput!) { putOnShelf(input: $i) { ${ERRORS} } }`, { i: shelved })
  return { roomId, product, variant }
}

/** Says something in the room. */
export async function say(who: Ask, roomId: string, words: string): Promise<void> {
  const input = { roomId, text: words }
  await act(who, `mutation($i: PostCommentInput!) { postComment(input: $i) { ${ERRORS} } }`, { i: input })
}

/** Counts the stock anew. */
export async function count(operator: Ask, variant: string, available: number): Promise<void> {
  const input = { variantId: variant, available, reason: 'counted' }
  await act(operator, `mutation($i: SetStockInput!) { setStock(input: $i) { ${ERRORS} } }`, { i: input })
}

/** Ends the room; that it is over already is what we want. */
export async function endRoom(host: Ask, roomId: string): Promise<void> {
  await act(host, `mutation($i: RoomInput!) { endRoom(input: $i) { ${ERRORS} } }`, { i: { roomId } })
}

/** One thing that is sold; its stock arrives by the bus, a moment after its product. */
async function importedGoods(operator: Ask): Promise<{ readonly product: string; readonly variant: string }> {
  const path = join(projectRoot(), 'scripts/sample/products.csv')
  const consignment = { seller: 'daihuo', selfOperated: true, currency: 'CNY' }
  await importFile(path, { ask: operator, consignment, watcher: { begin: () => undefined, add: () => undefined } })
  for (;;) {
    const page = await read(
      operator,
      '{ products(first: 50) { edges { node { id variants { id stock { available } } } } } }',
    )
    for (const product of nodesOf(page, 'products'))
      for (const { id, stock } of list(product['variants'], 'variants', fields))
        if (stock !== null) return { product: text(product['id'], 'id'), variant: text(id, 'id') }
    await pause(systemClock, 50)
  }
}

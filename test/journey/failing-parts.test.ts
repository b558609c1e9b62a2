import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildSchema, isObjectType, OperationTypeNode, type GraphQLSchema } from 'graphql'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { gatewayConfig } from '../../gateway/config.js'
import { openGateway, type Gateway } from '../../gateway/gateway.js'
import { projectRoot } from '../../platform/config/project-root.js'
import { silent } from '../../platform/observe/observer.js'
import { systemChance } from '../../platform/time/chance.js'
import { systemClock } from '../../platform/time/clock.js'
import { FAILURES } from '../../schema/failures.js'
import { ANONYMOUS, identity } from '../../schema/identity.js'
import { inProcess } from '../../subgraphs/host/in-process.js'
import { differences, fieldAt, valueAt, type Path } from '../support/answer-difference.js'
import { committedOperations } from '../support/committed-operations.js'
import {
  babble,
  disturbed,
  down,
  nonsense,
  nothing,
  silence,
  tooFew,
  type Disturbance,
  type Disturbed,
} from '../support/disturbed.js'
import { openHouse, type House } from '../support/house.js'
import { watch } from '../support/live-viewer.js'
import { openScene, PEOPLE, type Scene } from '../support/scene.js'
import { until } from '../support/until.js'
import { CASES } from './oracle-cases.js'

/** The time of a part that never answers; all others have time enough for a busy machine. */
const TIMEOUT_MS = 300
const PATIENT_MS = 20_000
const PARTS = ['catalog', 'members', 'orders', 'rooms', 'campaigns', 'kuaishou', 'weibo', 'node'] as const
const OPERATIONS = committedOperations()
const QUERIES = OPERATIONS.filter(({ kind }) => kind === OperationTypeNode.QUERY)
const SCHEMA_FOLDER = join(projectRoot(), 'schema')
const SUPERGRAPH = readFileSync(join(SCHEMA_FOLDER, 'supergraph.graphql'), 'utf8')

const WAYS: readonly (readonly [string, Disturbance, string])[] = [
  ['is down', down, 'SUBGRAPH_UNAVAILABLE'],
  ['speaks no GraphQL', babble, 'SUBGRAPH_MALFORMED'],
  ['says nothing', nothing, 'SUBGRAPH_MALFORMED'],
  ['answers nonsense', nonsense, 'SUBGRAPH_MALFORMED'],
  ['answers too little', tooFew, 'SUBGRAPH_MALFORMED'],
]

interface Answer {
  readonly data?: unknown
  readonly errors?: readonly { readonly path?: Path; readonly extensions: { readonly code: string } }[]
}

let house: House
let scene: Scene
let parts: Disturbed
let patient: Gateway
/** What everything is while nothing fails, and who had to be asked for it. */
let whole: ReadonlyMap<string, Answer> = new Map()
beforeAll(async () => {
  house = await openHouse({ env: { WEIBO_POLL_MS: '3600000' } })
  scene = await openScene(house)
  parts = disturbed(inProcess(house.shop.hosted))
  patient = await gatewayOf({})
  const names = QUERIES.map(({ name }) => name)
  await until(async () => {
    const before = whole
    whole = await askAll(patient, names)
    return JSON.stringify([...before]) === JSON.stringify([...whole])
  }, 'the house to come to rest')
}, 120_000)
afterEach(() => parts.calm())
afterAll(async () => {
  await patient.stop()
  await house.stop()
})

async function gatewayOf(timeouts: Readonly<Record<string, number>>): Promise<Gateway> {
  const fetch = { timeoutMs: PATIENT_MS, timeouts, breaker: { failures: 0 }, retry: { percent: 0 } }
  return await openGateway({
    supergraph: SUPERGRAPH,
    subgraphs: parts,
    verify: null,
    config: gatewayConfig('open', { port: 0, fetch }),
    clock: systemClock,
    chance: systemChance,
    observer: silent,
  })
}

async function ask({ engine }: Gateway, name: string, variables?: object): Promise<Answer> {
  const text = OPERATIONS.find((one) => one.name === name)?.query ?? ''
  const known = CASES[name]
  const claims = known?.who == null ? null : { ...PEOPLE[known.who], exp: 4_000_000_000 }
  const who = claims === null ? ANONYMOUS : identity(claims)
  const context = { who, authorization: null, requestId: name, signal: null }
  const given = variables ?? (await Promise.resolve(known?.variables(scene, 'ours')))
  const { body } = await engine.answer({ text, operationName: null, variables: { ...given }, context })
  return JSON.parse(body) as Answer // our own gateway wrote it
}

/** Queries asked beside each other. */
async function askAll(gateway: Gateway, names: readonly string[]): Promise<ReadonlyMap<string, Answer>> {
  return new Map(await Promise.all(names.map(async (name) => [name, await ask(gateway, name)] as const)))
}

/** The fields that a part answers for, as `Type.field`. */
function fieldsOf(part: string): ReadonlySet<string> {
  const schema: GraphQLSchema = buildSchema(readFileSync(join(SCHEMA_FOLDER, 'subgraphs', `${part}.graphql`), 'utf8'), {
    assumeValid: true,
  })
  const types = Object.values(schema.getTypeMap()).filter((type) => isObjectType(type))
  return new Set(types.flatMap((type) => Object.keys(type.getFields()).map((field) => `${type.name}.${field}`)))
}

function isWithin(place: Path, path: Path | undefined): boolean {
  return path !== undefined && place.every((step, at) => path[at] === step)
}

describe.each(PARTS)('when %s fails', (part) => {
  const own = fieldsOf(part)

  async function expectOwnCost(gateway: Gateway, codes: readonly string[]): Promise<void> {
    const asked = [...whole.keys()].filter((name) => parts.askedBy(name).has(part))
    const broken = await askAll(gateway, asked)
    for (const [name, answer] of broken) costsItsOwn(name, answer, codes)
    expect([...broken.values()].some(({ errors }) => errors !== undefined)).toBe(true)
  }

  /** Whether a place is the part's own field, or points at a thing of which the part knows something. */
  function isOfPart(place: Path, before: unknown): boolean {
    if (own.has(fieldAt(patient.engine.schema, before, place))) return true
    const inside = fieldAt(patient.engine.schema, before, [...place, 'id'])
    return [...own].some((field) => field.startsWith(inside.replace(/\.id$/, '.')))
  }

  /** Null where something is missing, an error that names it, nothing of another part, and all else as it was. */
  function costsItsOwn(name: string, { data, errors = [] }: Answer, codes: readonly string[]): void {
    const before = whole.get(name)?.data
    for (const place of differences(before, data)) {
      expect([name, place, valueAt(data, place)]).toEqual([name, place, null])
      expect(isOfPart(place, before), `${name}: ${place.join('.')} is lost with ${part}`).toBe(true)
      expect(errors.filter(({ path }) => isWithin(place, path))).not.toEqual([])
    }
    for (const { path = [], extensions } of errors) {
      expect(codes).toContain(extensions.code)
      expect(FAILURES).toHaveProperty(extensions.code)
      const field = fieldAt(patient.engine.schema, before, path)
      expect(own.has(field), `${name}: ${field} at ${path.join('.')} is not of ${part}`).toBe(true)
    }
  }

  it.each(WAYS)('and %s, that costs its own fields only', async (_way, disturbance, code) => {
    parts.disturb(part, disturbance)
    await expectOwnCost(patient, [code])
  })

  it('and never answers, that costs its own fields and its time only', async () => {
    const gateway = await gatewayOf({ [part]: TIMEOUT_MS })
    parts.disturb(part, silence)
    const began = performance.now()
    await expectOwnCost(gateway, ['SUBGRAPH_TIMEOUT'])
    expect(performance.now() - began).toBeLessThan(PATIENT_MS / 2)
    await gateway.stop()
  })
})

describe('while the catalog is down', () => {
  it('an order is placed all the same, and tells what it could not read', async () => {
    parts.disturb('catalog', down)
    const input = { idempotencyKey: 'without-catalog', lines: [{ variantId: scene.variant, quantity: 1 }] }
    const { data, errors } = await ask(patient, 'PlaceOrder', { input })
    expect(data).toMatchObject({ placeOrder: { order: { state: 'RESERVED', total: { currency: 'CNY' } }, errors: [] } })
    expect(new Set(errors?.map(({ extensions }) => extensions.code))).toEqual(new Set(['SUBGRAPH_UNAVAILABLE']))
  })

  it('a room goes on, without the names of its products', async () => {
    parts.disturb('catalog', down)
    const url = `${patient.url.replace('http', 'ws')}/graphql`
    const query = `subscription ($room: ID!) { liveEvents(roomId: $room, after: "0") {
      ... on ProductShelved { position product { title } } ... on CommentPosted { comment { text } } } }`
    const viewer = watch({ socketUrl: url, token: null, query, variables: { room: scene.room } })
    await expect(viewer.sees((event) => event['comment'] !== undefined, 'a comment')).rejects.toThrow('UNAVAILABLE')
    expect(viewer.events.find((event) => 'position' in event)).toMatchObject({ product: null })
    await viewer.leave()
  })
})

describe('a mutation whose part never answers', () => {
  it('has failed after its time, and is not done again', async () => {
    const gateway = await gatewayOf({ orders: TIMEOUT_MS })
    let asked = 0
    parts.disturb('orders', (request, answer) => {
      asked++
      return silence(request, answer)
    })
    const input = { idempotencyKey: 'lost', lines: [{ variantId: scene.variant, quantity: 1 }] }
    const { data, errors } = await ask(gateway, 'PlaceOrder', { input })
    expect(data).toBeNull()
    expect(errors).toMatchObject([{ path: ['placeOrder'], extensions: { code: 'SUBGRAPH_TIMEOUT' } }])
    expect(asked).toBe(1)
    await gateway.stop()
  })
})

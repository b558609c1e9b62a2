import { afterEach, describe, expect, it } from 'vitest'
import type { DoorRequest } from '../../platform/http/door.js'
import { jsonAnswer } from '../../platform/http/door.js'
import { serve, type Serving } from '../../platform/http/serve.js'
import { silent } from '../../platform/observe/observer.js'
import { systemClock } from '../../platform/time/clock.js'
import { until } from '../../test/support/until.js'
import { readFaults, type Fault } from './faults.js'
import { signature } from './notices.js'
import { openPaymentSandbox, type PaymentSandbox } from './payment-sandbox.js'

const open: { stop(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.stop()
})

async function aSandbox(faults: readonly Fault[] = []): Promise<PaymentSandbox> {
  const sandbox = await openPaymentSandbox({
    ...{ port: 0, clock: systemClock, observer: silent, secret: 's', seed: 3, faults, decideMs: 1, lateMs: 30 },
  })
  open.push(sandbox)
  return sandbox
}

/** A shop's door that answers with these statuses, one after another, and keeps what it was told. */
async function aDoor(...statuses: readonly number[]): Promise<{ serving: Serving; told: DoorRequest[] }> {
  const told: DoorRequest[] = []
  const answer = (request: DoorRequest) => Promise.resolve(jsonAnswer(statuses[told.push(request) - 1] ?? 200, {}))
  const serving = await serve({ doors: [{ method: 'POST', path: '/hook', answer }], port: 0, observer: silent })
  open.push(serving)
  return { serving, told }
}

async function post(sandbox: PaymentSandbox, path: string, key: string, body: object, secret = 's') {
  const headers = { authorization: `Bearer ${secret}`, 'idempotency-key': key, 'content-type': 'application/json' }
  const reply = await fetch(sandbox.url + path, { method: 'POST', headers, body: JSON.stringify(body) })
  return { status: reply.status, body: (await reply.json()) as { id: string; state: string } }
}
const charge = (sandbox: PaymentSandbox, key: string, some = {}) =>
  post(sandbox, '/v1/charges', key, { amountMinor: 100, currency: 'CNY', method: 'card', ...some })
const body = (request: DoorRequest | undefined) => Buffer.from(request?.body ?? []).toString()

describe('the payment sandbox', () => {
  it('charges once under one key, and refuses another body under it', async () => {
    const sandbox = await aSandbox()
    const [first, again] = [await charge(sandbox, 'k'), await charge(sandbox, 'k')]
    expect(again.body.id).toBe(first.body.id)
    expect((await charge(sandbox, 'k', { amountMinor: 200 })).status).toBe(409)
    expect((await charge(sandbox, 'l')).body.id).not.toBe(first.body.id)
  })

  it('lets nobody in without its secret, and stores nothing malformed', async () => {
    const sandbox = await aSandbox()
    expect((await post(sandbox, '/v1/charges', 'k', {}, 'wrong')).status).toBe(401)
    expect((await charge(sandbox, 'k', { amountMinor: -1 })).status).toBe(400)
    expect(sandbox.ledger.charges.size).toBe(0)
  })

  it('tells a signed result, and tells it again until it is taken', async () => {
    const sandbox = await aSandbox()
    const { serving, told } = await aDoor(500)
    sandbox.pointTo(`${serving.url}/hook`)
    await charge(sandbox, 'k')
    await until(() => told.length === 2, 'the second telling')
    const sent = told[1]?.headers.get('payment-signature') ?? ''
    const at = /^t=(\d+)/.exec(sent)?.[1] ?? ''
    expect(sent).toBe(signature('s', at, body(told[1])))
    expect(JSON.parse(body(told[1]))).toMatchObject({ type: 'charge.succeeded', charge: { key: 'k' } })
  })

  it('declines what is paid with a method that says so', async () => {
    const sandbox = await aSandbox()
    await charge(sandbox, 'k', { method: 'card-declined' })
    await until(() => sandbox.ledger.charges.get('k')?.state === 'declined')
  })

  it('gives back what was paid, once under one key and never more', async () => {
    const sandbox = await aSandbox()
    const { body: made } = await charge(sandbox, 'k')
    await until(() => sandbox.ledger.charges.get('k')?.state === 'succeeded')
    const refund = (key: string) => post(sandbox, '/v1/refunds', key, { charge: made.id, amountMinor: 100 })
    expect((await refund('r')).status).toBe(200)
    expect((await refund('r')).status).toBe(200)
    expect((await refund('other')).status).toBe(409)
    expect(sandbox.ledger.charges.get('k')?.refundedMinor).toBe(100)
  })

  it('misbehaves on a seed: some results are lost, some told twice, some contradicted', async () => {
    const sandbox = await aSandbox(readFaults('all'))
    const { serving, told } = await aDoor()
    sandbox.pointTo(`${serving.url}/hook`)
    for (let at = 0; at < 40; at++) await charge(sandbox, `k${at}`)
    const about = (key: string) => told.map(body).filter((text) => text.includes(`"key":"${key}"`))
    const counts = () => Array.from({ length: 40 }, (_, at) => about(`k${at}`).length)
    await until(() => counts().some((count) => count > 1) && told.some((one) => body(one).includes('charge.declined')))
    await until(() => [...sandbox.ledger.charges.values()].every(({ state }) => state === 'succeeded'))
    expect(counts()).toContain(0)
  })
})

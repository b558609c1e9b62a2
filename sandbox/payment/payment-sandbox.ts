import { timingSafeEqual } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { fields, json, text, whole, type Fields } from '../../platform/decode.js'
import { Failure } from '../../platform/failure.js'
import { jsonAnswer, type Door, type DoorRequest } from '../../platform/http/door.js'
import { serve } from '../../platform/http/serve.js'
import type { Observer } from '../../platform/observe/observer.js'
import { seededChance } from '../../platform/time/chance.js'
import { repeat, type Clock } from '../../platform/time/clock.js'
import { charge, decide, findCharge, refund, type Ledger } from './charges.js'
import { faultsOf, type Fault } from './faults.js'
import { noticesOf } from './notices.js'

export interface PaymentSandboxOptions {
  /** 0 takes a free one. */
  readonly port: number
  readonly clock: Clock
  readonly observer: Observer
  /** Shared with the shop: it opens the sandbox's doors and signs what the sandbox tells. */
  readonly secret: string
  readonly seed: number
  readonly faults: readonly Fault[]
  /** How long the bank thinks. */
  readonly decideMs: number
  readonly lateMs: number
  /** Where the sandbox keeps what it knows between two starts; without it, it forgets. */
  readonly file?: string
}

/** A payment provider in a process. */
export interface PaymentSandbox {
  readonly url: string
  /** Everything it knows, to be read only. */
  readonly ledger: Ledger
  /** The shop's door for results; null: nobody is told. */
  pointTo(hook: string | null): void
  stop(): Promise<void>
}

/** Opens a provider: a charge is pending at first, decided a moment later, and told by a signed webhook. */
export async function openPaymentSandbox(options: PaymentSandboxOptions): Promise<PaymentSandbox> {
  const { port, clock, observer, secret, file } = options
  const ledger = await remembered(file)
  const faults = faultsOf(options.faults, seededChance(options.seed))
  const notices = noticesOf({ secret, clock, observer, faults, lateMs: options.lateMs })
  const decideLater = (key: string): void => {
    clock.after(options.decideMs, () => {
      const decided = decide(ledger, key)
      if (decided !== null) notices.tell(decided)
    })
  }
  for (const known of ledger.charges.values()) if (known.state === 'pending') decideLater(known.key)
  const serving = await serve({ doors: doorsOf(ledger, secret, decideLater), port, observer })
  const stopKeeping = repeat(clock, 1000, () => keep(file, ledger))
  return {
    url: serving.url,
    ledger,
    pointTo: (hook) => notices.pointTo(hook),
    async stop() {
      notices.stop()
      stopKeeping()
      await serving.stop()
      await keep(file, ledger)
    },
  }
}

function doorsOf(ledger: Ledger, secret: string, decideLater: (key: string) => void): readonly Door[] {
  const behindLock = (answer: (request: DoorRequest) => unknown): Door['answer'] => {
    return (request) =>
      new Promise((resolve) => {
        open(request, secret)
        resolve(jsonAnswer(200, answer(request)))
      })
  }
  return [
    {
      method: 'POST',
      path: '/v1/charges',
      answer: behindLock((request) => {
        const made = charge(ledger, { key: keyOf(request), ...newCharge(bodyOf(request)) })
        if (made.isNew) decideLater(made.charge.key)
        return made.charge
      }),
    },
    {
      method: 'GET',
      path: '/v1/charges/:id',
      answer: behindLock(({ path }) => findCharge(ledger, text(path.get('id'), 'id', { most: 100 }))),
    },
    {
      method: 'POST',
      path: '/v1/refunds',
      answer: behindLock((request) => refund(ledger, { key: keyOf(request), ...newRefund(bodyOf(request)) })),
    },
  ]
}

/** Only the shop comes in. */
function open(request: DoorRequest, secret: string): void {
  const given = Buffer.from(request.headers.get('authorization') ?? '')
  const wanted = Buffer.from(`Bearer ${secret}`)
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted))
    throw new Failure('UNAUTHENTICATED', 'the key of this provider is needed')
}

function keyOf(request: DoorRequest): string {
  return text(request.headers.get('idempotency-key'), 'idempotency-key', { most: 200 })
}

function bodyOf(request: DoorRequest): Fields {
  return fields(json(Buffer.from(request.body).toString('utf8'), 'body'), 'body')
}

function newCharge(it: Fields) {
  return {
    amountMinor: whole(it['amountMinor'], 'amountMinor', { least: 1 }),
    currency: text(it['currency'], 'currency', { least: 3, most: 3 }),
    method: text(it['method'], 'method', { most: 40 }),
  }
}

function newRefund(it: Fields) {
  return {
    charge: text(it['charge'], 'charge', { most: 100 }),
    amountMinor: whole(it['amountMinor'], 'amountMinor', { least: 1 }),
  }
}

async function remembered(file: string | undefined): Promise<Ledger> {
  const written = file === undefined ? null : await readFile(file, 'utf8').catch(() => null)
  // Our own file, written by `keep`.
  const kept = written === null ? {} : (JSON.parse(written) as { charges?: []; refunds?: [] })
  return { charges: new Map(kept.charges ?? []), refunds: new Map(kept.refunds ?? []) }
}

/** Written beside and then put in place, so that a killed sandbox leaves the old file or the new one. */
async function keep(file: string | undefined, ledger: Ledger): Promise<void> {
  if (file === undefined) return
  await writeFile(`${file}.new`, JSON.stringify({ charges: [...ledger.charges], refunds: [...ledger.refunds] }))
  await rename(`${file}.new`, file)
}

import { join } from 'node:path'
import type { Observer } from '../../platform/observe/observer.js'
import type { Clock } from '../../platform/time/clock.js'
import { readFaults as kuaishouFaults } from '../../sandbox/kuaishou/faults.js'
import { openKuaishouSandbox, type KuaishouSandbox } from '../../sandbox/kuaishou/kuaishou-sandbox.js'
import { readFaults as paymentFaults } from '../../sandbox/payment/faults.js'
import { openPaymentSandbox, type PaymentSandbox } from '../../sandbox/payment/payment-sandbox.js'
import { readFaults as weiboFaults } from '../../sandbox/weibo/faults.js'
import { openWeiboSandbox, type WeiboSandbox } from '../../sandbox/weibo/weibo-sandbox.js'

/** How the partners' sandboxes are opened beside the shop. */
export interface SandboxesOptions {
  readonly ports: { readonly kuaishou: number; readonly weibo: number; readonly payment: number }
  /** Where they keep what they know between two starts; null: they forget. */
  readonly dir: string | null
  readonly clock: Clock
  readonly observer: Observer
  readonly seed: number
  /** Whether they misbehave, and then in every way; each by itself (`npm run sandbox`) takes names. */
  readonly faults: 'none' | 'all'
  readonly paymentSecret: string
  /** People who post, read, follow and buy by themselves. */
  readonly people: boolean
}

/** All partners, imitated; and what the shop's environment must say to reach them. */
export interface Sandboxes {
  readonly kuaishou: KuaishouSandbox
  readonly weibo: WeiboSandbox
  readonly payment: PaymentSandbox
  readonly env: Readonly<Record<string, string>>
  /** Tells each where the shop's doors are. */
  pointTo(shopUrl: string): void
  stop(): Promise<void>
}

export async function openSandboxes(options: SandboxesOptions): Promise<Sandboxes> {
  const { ports, clock, observer, seed, people, paymentSecret: secret } = options
  const kept = (name: string): { file?: string } =>
    options.dir === null ? {} : { file: join(options.dir, `sandbox-${name}.json`) }
  const common = { clock, observer, seed }
  const payment = await openPaymentSandbox({
    ...common,
    ...kept('payment'),
    port: ports.payment,
    secret,
    faults: paymentFaults(options.faults),
    decideMs: 50,
    lateMs: 2_000,
  })
  const kuaishou = await openKuaishouSandbox({
    ...common,
    ...kept('kuaishou'),
    port: ports.kuaishou,
    faults: kuaishouFaults(options.faults) ?? [],
    people,
  })
  const weibo = await openWeiboSandbox({
    ...common,
    ...kept('weibo'),
    port: ports.weibo,
    faults: weiboFaults(options.faults),
    ...(people && { people: { follow: true } }),
  })
  return {
    ...{ payment, kuaishou, weibo },
    env: { PAYMENT_URL: payment.url, PAYMENT_SECRET: secret, KUAISHOU_URL: kuaishou.url, WEIBO_URL: weibo.url },
    pointTo(shopUrl) {
      payment.pointTo(`${shopUrl}/hooks/payment`)
      kuaishou.pointTo({ webhook: `${shopUrl}/hooks/kuaishou`, deduct: `${shopUrl}/partners/kuaishou/deduct` })
    },
    async stop() {
      await Promise.all([payment.stop(), kuaishou.stop(), weibo.stop()])
    },
  }
}

import { createCipheriv } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '../../../platform/config/project-root.js'
import { secretsFrom } from '../../../platform/secret.js'
import {
  answerContract,
  followContract,
  pollContract,
  pushContract,
  type UnderContract,
} from '../../../test/contract/connector.js'
import { afterAll, beforeAll } from 'vitest'
import { silent } from '../../../platform/observe/observer.js'
import { systemClock } from '../../../platform/time/clock.js'
import { openKuaishouSandbox, type KuaishouSandbox } from '../../../sandbox/kuaishou/kuaishou-sandbox.js'
import type { Ground } from '../../host/subgraph.js'
import { readKuaishouConfig } from './config.js'
import { kuaishouConnector } from './connector.js'
import { sign } from './signature.js'
import { migrations } from './store/migrations.js'

let sandbox: KuaishouSandbox
beforeAll(async () => {
  sandbox = await openKuaishouSandbox({ port: 0, clock: systemClock, observer: silent, seed: 3, faults: [] })
  const sku = { skuId: '8', relSkuId: '7', nick: 'A shirt', priceFen: 1990, stock: 5 }
  sandbox.memory.items.push({
    ...{ itemId: '6', relItemId: '5', title: 'A shirt', onShelf: true, skus: [sku], createTime: 1, updateTime: 1 },
  })
  const order = await sandbox.buyers.buy({ skuId: '8', num: 1 })
  sandbox.buyers.refund(order?.oid ?? '')
})
afterAll(() => sandbox.stop())

const under: UnderContract = {
  migrations,
  make: (ground) =>
    kuaishouConnector(
      {
        config: readKuaishouConfig({ KUAISHOU_URL: sandbox.url }),
        secrets: secretsFrom(Buffer.alloc(32, 1)),
        ask: () => Promise.resolve({ data: null, errors: [{ message: 'no shop', code: 'SUBGRAPH_UNAVAILABLE' }] }),
      },
      ground,
    ),
}
const config = readKuaishouConfig({})

/** A file of the platform's own bytes. */
function recorded(name: string): Uint8Array {
  const text = readFileSync(join(projectRoot(), 'subgraphs/connectors/kuaishou/fixtures', `${name}.txt`), 'utf8')
  return Buffer.from(text.trim())
}

function encrypted(json: string): Uint8Array {
  const cipher = createCipheriv('aes-128-cbc', Buffer.from(config.messageKey, 'base64'), Buffer.alloc(16))
  return Buffer.from(Buffer.concat([cipher.update(json, 'utf8'), cipher.final()]).toString('base64'))
}

/** A signed question of the platform. */
function asked(param: string, { clock }: Ground, secret = config.signSecret): Uint8Array {
  const params = {
    ...{ appkey: config.appKey, method: 'integration.stock.deduct', param, version: '1', signMethod: 'HMAC_SHA256' },
    timestamp: clock.now().getTime().toString(),
  }
  return Buffer.from(new URLSearchParams({ ...params, sign: sign(params, secret) }).toString())
}

const QUESTION = '{"orderId":20156002562098531,"skuId":7,"ksSkuId":8,"number":1}'

pushContract(under, {
  good: () => recorded('order-paid'),
  forged: () => Buffer.from('bm9ib2R5IGVuY3J5cHRlZCB0aGlzIQ=='),
  garbled: () => encrypted('{"event":"kwaishop_order_paySuccess","appKey":"ks000000000000000001","info":"{}"}'),
})
pollContract(under, 'orders')
pollContract(under, 'refunds')
answerContract(under, {
  good: (ground) => asked(QUESTION, ground),
  forged: (ground) => asked(QUESTION, ground, 'another secret'),
  garbled: (ground) => asked('{"orderId":"x"}', ground),
})
followContract(under, {
  topic: 'orders',
  events: [
    {
      id: 's',
      at: '2026-11-11T12:00:00Z',
      kind: 'orders.stockChanged',
      variant: 'Variant:v1',
      version: 1,
      available: 3,
    },
  ],
})

/** `npm run sandbox -- NAME`: one partner's sandbox as a process of its own. */
const SANDBOXES: ReadonlyMap<string, () => Promise<unknown>> = new Map([
  ['kuaishou', () => import('../sandbox/kuaishou/main.js')],
  ['weibo', () => import('../sandbox/weibo/main.js')],
  ['payment', () => import('../sandbox/payment/main.js')],
])

const [name = ''] = process.argv.splice(2, 1)
const start = SANDBOXES.get(name)
if (start === undefined) {
  console.error(`npm run sandbox -- NAME [--help]\nnames: ${[...SANDBOXES.keys()].join(', ')}`)
  process.exitCode = name === '--help' ? 0 : 1
} else {
  await start()
}

import { differential } from '../test/federation/random/differential.js'

/** `--operations N --seed S`: random operations on random graphs, answered by the engine and by one schema; prints what differs. */
const setting = (name: string, fallback: number): number => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? fallback : Number(process.argv[at + 1])
}

const seed = setting('seed', Date.now() % 1_000_000)
const { graphs, operations, findings } = await differential(seed, setting('operations', 2_000), setting('findings', 3))
console.log(`seed ${seed}: ${operations} operations on ${graphs} graphs, ${findings.length} differ`)
for (const { seed: at, operation, difference } of findings) {
  console.log(
    `\ngraph ${at}: ${operation.query}\n  variables ${JSON.stringify(operation.variables)} ${operation.operationName ?? ''}\n  ${difference}`,
  )
}
process.exitCode = findings.length === 0 ? 0 : 1

import { NoSchemaIntrospectionCustomRule, parse, specifiedRules, validate, type DocumentNode } from 'graphql'
import { helpFor, oneWordOf, readSettings, yesOrNo } from '../platform/config/read-settings.js'
import { gatewayConfig } from '../gateway/config.js'
import { checkSize, checkText } from '../gateway/operation/limits.js'
import { deferRules } from '../gateway/operation/defer-rules.js'
import { partsOf } from '../gateway/operation/read-document.js'
import { emptyRecord } from '../gateway/operation/read-variables.js'
import { readOperation } from '../gateway/operation/read-operation.js'
import { preparePlan } from '../gateway/plan/prepare.js'
import { plannerOf } from '../gateway/plan/planner-of.js'
import { introspection } from '../gateway/project/introspect.js'
import { shapeOf } from '../gateway/project/shape.js'
import { openSupergraph } from '../gateway/supergraph/supergraph.js'
import { FUZZED } from '../test/fuzz/graph.js'
import { HOSTILE } from '../test/fuzz/hostile.js'
import { composed } from '../test/support/federated.js'

/** `npm run attack:steps`: for how long each step of each hostile document holds the thread. */
const SETTINGS = {
  help: { flag: 'help', alone: true, read: yesOrNo, default: false, about: 'shows this' },
  profile: { flag: 'profile', read: oneWordOf('open', 'strict'), default: 'open', about: 'of the limits' },
} as const
const { help, profile } = readSettings(SETTINGS, { args: process.argv.slice(2), env: process.env })
if (help) {
  console.log(`npm run attack:steps -- [--profile strict]\n\n${helpFor(SETTINGS)}`)
  process.exit()
}

const ROUNDS = 9
const { limits, introspection: introspects } = gatewayConfig(profile)
const graph = openSupergraph(composed(FUZZED))
const planner = plannerOf(graph)
const rules = [...specifiedRules, ...deferRules, ...(introspects ? [] : [NoSchemaIntrospectionCustomRule])]

console.log(`| document (${profile} profile) | parse | limits | validate | plan | shape | introspect | outcome |`)
console.log('| --- | --- | --- | --- | --- | --- | --- | --- |')
for (const { name, query } of HOSTILE) {
  const best = new Map<string, number>()
  let outcome = 'runs'
  for (let round = 0; round < ROUNDS; round++) outcome = steps(query, best)
  const shown = ['parse', 'limits', 'validate', 'plan', 'shape', 'introspect'].map((step) => {
    const took = best.get(step)
    return took === undefined ? '' : took.toFixed(took < 10 ? 1 : 0)
  })
  console.log(`| ${name} | ${shown.join(' | ')} | ${outcome} |`)
}

/**
 * Each step as far as the document gets; why it gets no further. Of all rounds the shortest is kept, by the clock or by the processor's
 * own time: a machine that has other work makes the clock run on.
 */
function steps(query: string, best: Map<string, number>): string {
  const timed = <Result>(step: string, run: () => Result): Result => {
    const [began, used] = [performance.now(), process.cpuUsage()]
    try {
      return run()
    } finally {
      const { user, system } = process.cpuUsage(used)
      const took = Math.min(performance.now() - began, (user + system) / 1_000)
      best.set(step, Math.min(best.get(step) ?? Infinity, took))
    }
  }
  try {
    const document = timed('parse', (): DocumentNode => {
      checkText(query, limits)
      return parse(query, { maxTokens: limits.tokens })
    })
    timed('limits', () => checkSize(document, limits))
    const errors = timed('validate', () => validate(graph.api, document, rules))
    if (errors.length > 0) return 'invalid'
    const operation = readOperation(graph.api, partsOf(document), null, 1_000_000)
    const plan = timed('plan', () => preparePlan(graph.api, planner, operation, new Map(), new Map(), null))
    const shape = timed('shape', () =>
      shapeOf(graph.api, operation, new Map(), plan.names, { denied: null, parted: null }),
    )
    timed('introspect', () =>
      introspection(graph.api, operation, shape.fieldsFor(shape.type.name) ?? [])?.(emptyRecord()),
    )
    return 'runs'
  } catch (error) {
    return error instanceof Error ? error.message.slice(0, 60) : 'refused'
  }
}

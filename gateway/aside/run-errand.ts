import { deniedBy } from '../operation/access.js'
import { checkDocument } from '../operation/check-document.js'
import { Deferrals } from '../operation/deferrals.js'
import { partsOf, type ReadDocument } from '../operation/read-document.js'
import { readOperation } from '../operation/read-operation.js'
import { RequestErrors } from '../operation/request-errors.js'
import { plannerOf } from '../plan/planner-of.js'
import { preparePlan } from '../plan/prepare.js'
import { prepareParts } from '../plan/prepare-parts.js'
import { recording, type ToldPlans } from '../plan/told-plans.js'
import { openSupergraph } from '../supergraph/supergraph.js'
import type { AsideRules, Errand, Outcome, PlanErrand } from './messages.js'

/** Documents that were read and may be planned next. */
const MOST_REMEMBERED = 20

/** Runs errands, whichever thread it is in: reads as the edge does and plans as the engine does. */
export function errandRunner({ supergraph: sdl, documents: rules }: AsideRules): (errand: Errand) => Outcome {
  const supergraph = openSupergraph(sdl)
  const planner = plannerOf(supergraph)
  const known = new Map<string, ReadDocument>()
  return (errand) => {
    try {
      return errand.kind === 'read' ? read(errand.text) : { kind: 'plan', plans: planned(errand) }
    } catch (error) {
      if (error instanceof RangeError)
        return { kind: 'refused', code: 'LIMIT_EXCEEDED', message: 'The operation is nested too deeply.' }
      if (!(error instanceof RequestErrors)) throw error
      return { kind: 'refused', code: error.code, message: error.message }
    }
  }

  function read(text: string): Outcome {
    const checked = checkDocument(supergraph.api, text, rules)
    if ('refused' in checked) return { kind: 'read', refused: checked.refused }
    if (known.size >= MOST_REMEMBERED) known.clear()
    known.set(text, partsOf(checked.document))
    return { kind: 'read', refused: [] }
  }

  function documentOf(text: string): ReadDocument {
    if (!known.has(text)) read(text)
    const document = known.get(text)
    if (document === undefined) throw new Error('a document is planned that may not be run')
    return document
  }

  function planned({ text, operationName, switches, overrides, failed, inParts }: PlanErrand): ToldPlans {
    const { api } = supergraph
    const operation = readOperation(api, documentOf(text), operationName, rules.limits.height)
    const denied = supergraph.access === null ? null : deniedBy(supergraph.access, failed)
    const told = recording(planner)
    const asked = { operation, switches, overrides, denied }
    const isParted = inParts && prepareParts(api, told.planner, asked, new Deferrals(switches)) !== null
    if (!isParted) preparePlan(api, told.planner, operation, switches, overrides, denied)
    return told.plans
  }
}

import type { Engine, PlannedSubscription } from '../engine.js'
import type { LiveQuestion } from './live-question.js'
import { staysSlotless, type Nobodys, type Open } from './open-group.js'

/** Whether a subgraph gets nothing of whoever asks. */
export type TellNothing = (subgraph: string) => boolean

/** What not everybody may see is asked in its asker's name, as long as its owner does not say that he need not know, and any subgraph hears it. */
export function nobodysFor(
  planned: PlannedSubscription,
  question: LiveQuestion | null,
  tellNothing: TellNothing,
): Nobodys | null {
  if (question?.shared === true && planned.access === '') return 'same'
  if (question === null || question.personal) return null
  if (question.shared && planned.alike) return 'alike'
  return planned.subgraphs.every(tellNothing) ? 'unheard' : null
}

/** Who stands together in nobody's name may not be equal any more under another supergraph: then each has to ask anew. */
export function stayTogether(
  { slots, nobodys, access }: Open,
  { planned, engine }: { readonly planned: PlannedSubscription; readonly engine: Engine },
  tellNothing: TellNothing,
): boolean {
  if (slots !== null && !staysSlotless(slots, engine)) return false
  if (nobodys === 'alike' && !planned.alike) return false
  if (nobodys === 'unheard' && !planned.subgraphs.every(tellNothing)) return false
  return nobodys === null || planned.access === access
}

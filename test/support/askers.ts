import { ANONYMOUS, type Identity } from '../../schema/identity.js'
import { nobody, type Federated, type TestAnswer } from './federated.js'

/** A member, as a verified token tells of her. */
export const ann: Identity = { ...ANONYMOUS, member: 'Member:ann', roles: ['member'], expiresAt: 4_000_000_000 }

/** The same with scopes. */
export const scoped = (...scopes: string[]): Identity => ({ ...ann, scopes })

/** Asks in somebody's name. */
export async function as(
  graph: Federated,
  who: Identity,
  text: string,
  variables: Readonly<Record<string, unknown>> | null = null,
): Promise<TestAnswer> {
  const context = { ...nobody, who }
  return JSON.parse((await graph.engine.answer({ text, variables, operationName: null, context })).body) as TestAnswer
}

/** Where something was refused to whoever asked. */
export const refusals = ({ errors = [] }: TestAnswer): unknown =>
  errors.filter(({ extensions }) => extensions.code === 'UNAUTHORIZED_FIELD_OR_TYPE').map(({ path }) => path)

/** The documents that a subgraph was sent. */
export const sentTo = (graph: Federated, subgraph: string): readonly string[] =>
  graph.sent.flatMap((one) => (one.subgraph === subgraph ? one.query : []))

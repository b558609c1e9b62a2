import { REGISTRY } from '../../subgraphs/registry.js'

/** The first port of the subgraphs as processes; each next one of the registry has the next. */
const FIRST_PORT = 4201

/** Where a subgraph's process listens unless it is told otherwise; the committed supergraph says the same. */
export function usualPort(name: string): number {
  return FIRST_PORT + REGISTRY.findIndex((registered) => registered.name === name)
}

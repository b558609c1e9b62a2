import { Field, ID, InterfaceType } from 'type-graphql'

/** What every entity is. Implementations are listed by each subgraph: several share this class in one process. */
@InterfaceType('Node', { autoRegisterImplementations: false, description: 'Anything with a global id.' })
export abstract class NodeType {
  @Field(() => ID, { description: 'The global id, like Product:abc.' })
  id!: string
}

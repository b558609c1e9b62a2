import { Directive, ObjectType } from 'type-graphql'
import { NodeType } from '../../host/graph/node.js'

/** What others own and members only point at. */
const ELSEWHERE = '@key(fields: "id", resolvable: false)'

@Directive(ELSEWHERE)
@ObjectType('Product', { implements: NodeType, description: 'A product.' })
export class ProductType extends NodeType {}

@Directive(ELSEWHERE)
@ObjectType('Order', { implements: NodeType, description: 'An order.' })
export class OrderType extends NodeType {}

import { Directive, ObjectType } from 'type-graphql'
import { NodeType } from '../../host/graph/node.js'

/** What others own and rooms only point at: the gateway asks their owners for all but the id. */
const ELSEWHERE = '@key(fields: "id", resolvable: false)'

@Directive(ELSEWHERE)
@ObjectType('Product', { implements: NodeType, description: 'A thing that is sold, in one or several variants.' })
export class ProductType extends NodeType {}

@Directive(ELSEWHERE)
@ObjectType('Variant', { implements: NodeType, description: 'One form of a product, as it is put into a parcel.' })
export class VariantType extends NodeType {}

@Directive(ELSEWHERE)
@ObjectType('Member', { implements: NodeType, description: 'Somebody who is known to the shop.' })
export class MemberType extends NodeType {}

@Directive(ELSEWHERE)
@ObjectType('FlashSale', { implements: NodeType, description: 'A few pieces at a low price for a short time.' })
export class FlashSaleType extends NodeType {}

/** An entity of somebody else, by its id; null stays null. */
export function stub<Type extends string>(type: Type, id: string): { readonly __typename: Type; readonly id: string }
export function stub<Type extends string>(
  type: Type,
  id: string | null,
): { readonly __typename: Type; readonly id: string } | null
export function stub(type: string, id: string | null): object | null {
  return id === null ? null : { __typename: type, id }
}

import { Directive, ObjectType } from 'type-graphql'
import { NodeType } from '../../host/graph/node.js'

/** What others own and orders only point at: the gateway asks their owners for all but the id. */
const ELSEWHERE = '@key(fields: "id", resolvable: false)'

@Directive(ELSEWHERE)
@ObjectType('Member', { implements: NodeType, description: 'Somebody who is known to the shop.' })
export class MemberType extends NodeType {}

@Directive(ELSEWHERE)
@ObjectType('Room', { implements: NodeType, description: 'A live room.' })
export class RoomType extends NodeType {}

/** An entity by its id alone; null stays null. */
export function stub<Type extends string>(type: Type, id: string): { readonly __typename: Type; readonly id: string }
export function stub<Type extends string>(
  type: Type,
  id: string | null,
): { readonly __typename: Type; readonly id: string } | null
export function stub(type: string, id: string | null): object | null {
  return id === null ? null : { __typename: type, id }
}

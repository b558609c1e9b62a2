import { getNamedType, isObjectType, parse, Kind, type ConstDirectiveNode, type GraphQLField } from 'graphql'

/** A page holds as many as its `first` says: with it the gateway knows what an operation may cost before it asks for anything. */
export function listSizeOf(field: GraphQLField<unknown, unknown>): readonly ConstDirectiveNode[] {
  const type = getNamedType(field.type)
  const isPage = isObjectType(type) && type.getFields()['edges'] !== undefined
  return isPage && field.args.some(({ name }) => name === 'first') ? PAGE : []
}

const PAGE = directives('@listSize(slicingArguments: ["first"], sizedFields: ["edges"])')

function directives(text: string): readonly ConstDirectiveNode[] {
  const [scalar] = parse(`scalar Any ${text}`, { noLocation: true }).definitions
  return scalar?.kind === Kind.SCALAR_TYPE_DEFINITION ? (scalar.directives ?? []) : []
}

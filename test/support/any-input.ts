import {
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
} from 'graphql'

/** What stands for a value of each kind in arguments that are made from the schema alone. */
export interface Taste {
  readonly text: string
  readonly id: (name: string) => string
  readonly number: number
  readonly instant: string
  /** How many of each list. */
  readonly many: number
}

/** Well formed, and about things that nobody knows. */
export const PLAUSIBLE: Taste = {
  text: 'x',
  id: (name) => `${typeNamed(name)}:nobody-knows-it`,
  number: 1,
  instant: '2099-01-01T00:00:00.000Z',
  many: 1,
}

/** What would be another path, another header, another host or another question, were it ever pasted into an address or a header. */
export const INJECTED = '../..\r\nx-evil: 1\r\n\r\n@evil.example#?sign=1&method=x%2e%2e%2f'

/** What nobody sends by mistake. */
export const HOSTILE: readonly (readonly [string, Taste])[] = [
  ['empty', { ...PLAUSIBLE, text: '', id: () => '', number: 0, many: 0 }],
  ['of zero bytes', { ...PLAUSIBLE, text: 'a\u0000b', id: (name) => `${typeNamed(name)}:a\u0000` }],
  ['of half characters', { ...PLAUSIBLE, text: '\ud800', id: () => '\udfff' }],
  ['below zero', { ...PLAUSIBLE, number: -1, instant: '0001-01-01T00:00:00.000Z' }],
  ['as large as a number can be', { ...PLAUSIBLE, number: 2_147_483_647, instant: '9999-12-31T23:59:59.999Z' }],
  ['long', { ...PLAUSIBLE, text: '长'.repeat(3_000), id: () => `Order:${'a'.repeat(3_000)}` }],
  ['too many', { ...PLAUSIBLE, many: 1_001 }],
  ['of another kind', { ...PLAUSIBLE, text: "'; drop table orders.purchase; --", id: () => 'Member:shopper' }],
  ['of other paths and headers', { ...PLAUSIBLE, text: INJECTED, id: (name) => `${typeNamed(name)}:${INJECTED}` }],
  ['inherited', { ...PLAUSIBLE, text: '__proto__', id: () => '__proto__:constructor' }],
]

/** Arguments of a field, every one of them given. */
export function argumentsOf({ args }: GraphQLField<unknown, unknown>, taste: Taste): Readonly<Record<string, unknown>> {
  return Object.fromEntries(args.map(({ name, type }) => [name, valueOf(type, name, taste)]))
}

/** `field(a: $a, …)` and the variables that it declares. */
export function callOf(field: GraphQLField<unknown, unknown>): { readonly variables: string; readonly call: string } {
  const joined = (write: (arg: GraphQLArgument) => string): string =>
    field.args.length === 0 ? '' : `(${field.args.map(write).join(', ')})`
  return {
    variables: joined(({ name, type }) => `$${name}: ${type.toString()}`),
    call: `${field.name}${joined(({ name }) => `${name}: $${name}`)}`,
  }
}

function valueOf(type: GraphQLInputType, name: string, taste: Taste): unknown {
  if (isNonNullType(type)) return valueOf(type.ofType, name, taste)
  if (isListType(type))
    return listOf(valueOf(type.ofType, name, { ...taste, many: Math.min(taste.many, 1) }), taste.many)
  if (isEnumType(type)) return type.getValues()[0]?.name
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields())
    return Object.fromEntries(fields.map((field) => [field.name, valueOf(field.type, field.name, taste)]))
  }
  switch (type.name) {
    case 'ID':
      return taste.id(name)
    case 'Boolean':
      return true
    case 'DateTime':
      return taste.instant
    case 'String':
      return taste.text
    default:
      return taste.number
  }
}

function listOf(value: unknown, many: number): readonly unknown[] {
  return Array.from({ length: many }, () => value)
}

/** `roomId` and `variantIds` name their types. */
function typeNamed(name: string): string {
  if (name === 'linkId') return 'TrackedLink'
  if (name === 'influencers' || name === 'hostId') return 'Member'
  const stem = name.replace(/Ids?$/, '')
  return stem === '' || stem === 'id' ? 'Member' : `${stem.charAt(0).toUpperCase()}${stem.slice(1)}`
}

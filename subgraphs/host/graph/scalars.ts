import { GraphQLScalarType } from 'graphql'
import { GraphQLDateTimeISO, GraphQLSafeInt } from 'graphql-scalars'

/** An instant: ISO text on the wire, `Date` inside. The ISO form of graphql-scalars, since its other one needs JSON to become text. */
export const DateTime = new GraphQLScalarType<Date, string>({
  ...GraphQLDateTimeISO.toConfig(),
  name: 'DateTime',
  description: 'An instant as ISO 8601 text in UTC, like 2026-11-11T12:00:00.000Z.',
  specifiedByURL: null,
  serialize: (value) => (value instanceof Date ? value : new Date(String(value))).toISOString(),
})

/** A whole number that a double holds exactly. */
export const SafeInt = new GraphQLScalarType({
  ...GraphQLSafeInt.toConfig(),
  name: 'SafeInt',
  description: 'A whole number from -(2^53 - 1) to 2^53 - 1.',
  specifiedByURL: null,
})

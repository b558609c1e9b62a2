/** A request that is meant to hurt. */
export interface Hostile {
  readonly name: string
  readonly query: string
  readonly variables?: Readonly<Record<string, unknown>>
  /** What is sent instead of JSON made of the above. */
  readonly body?: string
}

const times = (many: number, part: (at: number) => string): string =>
  Array.from({ length: many }, (_, at) => part(at)).join(' ')
/** Named fragments, each of which spreads the next twice. */
const doubling = (levels: number, field: string): string =>
  `{ good(id: 1) { ...F0 } } ${times(levels, (at) => `fragment F${at} on Good { a${at}: ${field} ...F${at + 1} ...F${at + 1} }`)} fragment F${levels} on Good { id }`
const open = (many: number, sign: string): string => sign.repeat(many)

/** Inputs of the cases S01 to S34 that are only text, each so large that a parser, a rule or a planner without a bound would hang on it. */
export const HOSTILE: readonly Hostile[] = [
  {
    name: 'S01 names of the prototype',
    query: '{ __proto__: good(id: 1) { constructor: id toString: name then: id toJSON: id } }',
  },
  {
    name: 'S02 variables of the prototype',
    query: 'query($f: Filter) { goods(filter: $f) { id } }',
    body: '{"query":"query($f: Filter) { goods(filter: $f) { id } }","variables":{"__proto__":{"x":1},"f":{"__proto__":{"name":"x"},"constructor":1}}}',
  },
  { name: 'S04 one field 7,400 times', query: `{ ${times(7_400, () => 'hello')} }` },
  { name: 'S04 7,400 aliases of one field', query: `{ ${times(4_900, (at) => `a${at}: hello`)} }` },
  { name: 'S04 one object 2,000 times', query: `{ ${times(2_000, () => 'any { __typename }')} }` },
  { name: 'S04 one object with arguments 900 times', query: `{ ${times(900, (at) => `good(id: ${at % 2}) { id }`)} }` },
  {
    name: 'S04 100 times 100 inline fragments',
    query: `{ any { ${times(49, () => `... on Book { ${times(49, () => '... on Book { id }')} }`)} } }`,
  },
  {
    name: 'S04 300 fragments that meet',
    query: `{ goods { ${times(300, (at) => `...F${at}`)} } } ${times(300, (at) => `fragment F${at} on Good { x${at}: id like { id } }`)}`,
  },
  {
    name: 'S04 130 fragments that meet, of 25 fields each',
    query: `{ goods { ${times(130, (at) => `...F${at}`)} } } ${times(130, (at) => `fragment F${at} on Good { ${times(25, (field) => `x${at}_${field}: id`)} }`)}`,
  },
  { name: 'S04 one object 98 times', query: `{ any { ... on Book { ${times(98, () => 'like { id }')} } } }` },
  {
    name: 'S04 1,000 operations over a chain of fragments',
    query: `${times(1_000, (at) => `query Q${at} { ...F0 }`)} ${times(99, (at) => `fragment F${at} on Query { h${at}: hello ...F${at + 1} }`)} fragment F99 on Query { hello }`,
  },
  { name: 'S05 fragments that double, 15 deep', query: doubling(15, 'name') },
  { name: 'S05 fragments that double, 40 deep', query: doubling(40, 'like { id }') },
  {
    name: 'S05 fragments that go in a circle',
    query: '{ goods { ...A } } fragment A on Good { ...B like { ...A } } fragment B on Good { ...A }',
  },
  { name: 'S07 lists of lists of lists', query: `{ goods ${open(30, '{ like ')}{ id }${open(30, ' }')} }` },
  {
    name: 'S08 many types in each other',
    query: `{ any { ${times(60, (at) => `... on Book { b${at}: like { id name ... on Book { left heavy cost { minor } reviews { stars } } ... on Toy { left cost { minor } } } }`)} } }`,
  },
  {
    name: 'S08 more types in each other',
    query: `{ any { ${times(220, (at) => `... on Book { b${at}: like { id name ... on Book { left heavy cost { minor } reviews { stars } } ... on Toy { left cost { minor } } } }`)} } }`,
  },
  {
    name: 'S08 wide and deep',
    query: `{ ${times(8, (at) => `g${at}: goods ${open(6, '{ like { ... on Book { left heavy } ... on Toy { left } ... on Good ')}{ id }${open(6, ' } }')}`)} }`,
  },
  { name: 'S31 500 times __typename', query: `{ ${times(500, () => '__typename')} }` },
  { name: 'S31 directives that nobody knows', query: `{ hello ${times(900, (at) => `@aa${at}`)} }` },
  { name: 'S31 one directive 900 times', query: `{ hello ${times(900, () => '@include(if: true)')} }` },
  {
    name: 'S31 introspection in a circle',
    query: `{ __schema { types ${open(8, '{ fields { type ')}{ name }${open(8, ' } }')} } }`,
  },
  { name: 'S31 fields that are almost there', query: `{ ${times(3_000, (at) => `goodd${at}`)} }` },
  { name: 'S32 as many as there are', query: '{ goods(first: 99999999) { id } }' },
  { name: 'S34 20,000 braces', query: open(20_000, '{') },
  { name: 'S34 20,000 fields', query: open(20_000, '{a') + open(20_000, '}') },
  { name: 'S34 20,000 brackets in a literal', query: `{ good(id: ${open(20_000, '[')}` },
  { name: 'S34 20,000 types in a variable', query: `query($v: ${open(20_000, '[')}Int${open(20_000, ']')}) { hello }` },
  {
    name: 'S34 variables 20,000 deep',
    query: '{ hello }',
    body: `{"query":"{ hello }","variables":{"a":${open(20_000, '[')}${open(20_000, ']')}}}`,
  },
  {
    name: 'S35 3,000 variables',
    query: `query(${times(3_000, (at) => `$v${at}: Int`)}) { ${times(900, (at) => `a${at}: goods(first: $v${at}) { id }`)} }`,
  },
  {
    name: 'S35 a list of 100,000',
    query: 'query($f: Filter) { goods(filter: $f) { id } }',
    variables: { f: { sizes: Array.from({ length: 100_000 }, () => 'LARGES') } },
  },
  {
    name: 'S35 a text of a megabyte',
    query: 'query($v: ID!) { good(id: $v) { id } }',
    variables: { v: 'x'.repeat(1_000_000) },
  },
  { name: 'S35 a number without end', query: `{ goods(first: ${open(150_000, '9')}) { id } }` },
  { name: 'S35 a comment without end', query: `{ hello } #${open(199_000, 'x')}` },
]

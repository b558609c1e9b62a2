import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLInputType,
  type GraphQLSchema,
} from 'graphql'
import type { Dice } from './dice.js'

/** A random operation, with what it is sent with. */
export interface RandomOperation {
  readonly query: string
  readonly variables: Record<string, unknown>
  readonly operationName: string | null
}

const ODD_ALIASES = [
  'id',
  'sku',
  'a',
  'org',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'then',
  'f0',
  'f1',
  'label',
  'x',
]

/** Makes operations for a schema: aliases, fragments, variables, conditions and repetitions of all kinds. */
export class OperationMaker {
  readonly #schema: GraphQLSchema
  readonly #dice: Dice
  #fragments: string[] = []
  #variables = new Map<string, { type: string; value: unknown; fallback: string | null }>()
  #budget = 0
  readonly #defers: boolean
  #mayDefer = false
  #labels = 0

  constructor(schema: GraphQLSchema, dice: Dice, defers = false) {
    this.#schema = schema
    this.#dice = dice
    this.#defers = defers
  }

  make(): RandomOperation {
    this.#fragments = []
    this.#variables = new Map()
    this.#budget = 8 + this.#dice.upTo(30)
    const kind = this.#schema.getMutationType() && this.#dice.chance(0.2) ? 'mutation' : 'query'
    const root = kind === 'mutation' ? this.#schema.getMutationType() : this.#schema.getQueryType()
    if (!root) throw new Error('no root')
    this.#mayDefer = this.#defers && kind === 'query'
    this.#labels = 0
    const body = this.#selectionSet(root, 0)
    const declared = [...this.#variables].map(
      ([name, { type, fallback }]) => `$${name}: ${type}${fallback === null ? '' : ` = ${fallback}`}`,
    )
    const variables: Record<string, unknown> = Object.create(null) as Record<string, unknown>
    for (const [name, { value }] of this.#variables) if (value !== undefined) variables[name] = value
    const named = this.#dice.chance(0.3)
    const own = `${kind} ${named ? 'One' : ''}${declared.length > 0 ? `(${declared.join(', ')})` : ''} ${body}`
    const several = named && this.#dice.chance(0.4)
    const other = several
      ? 'query Other($unused: Int) { __typename ...Unrelated } fragment Unrelated on Query { n: __typename @include(if: true) }'
      : ''
    return {
      query: [own, ...this.#fragments, other.replace('($unused: Int)', '')].join(' '),
      variables,
      operationName: several ? 'One' : null,
    }
  }

  #selectionSet(type: GraphQLCompositeType, depth: number): string {
    const count = 1 + this.#dice.upTo(depth === 0 ? 3 : 2)
    const selections = Array.from({ length: count }, () => this.#selection(type, depth))
    if (this.#dice.chance(0.08) && selections[0]) selections.push(selections[0])
    return `{ ${selections.join(' ')} }`
  }

  #selection(type: GraphQLCompositeType, depth: number): string {
    this.#budget--
    const roll = this.#dice.upTo(11)
    if (roll === 0 || !('getFields' in type && Object.keys(type.getFields()).length > 0)) {
      if (roll < 4 || depth > 4) return `${this.#alias()}__typename${this.#condition()}`
    }
    if ((roll < 4 || !('getFields' in type)) && depth < 5 && this.#budget > 0) return this.#fragment(type, depth)
    if (!('getFields' in type)) return '__typename'
    const fields = Object.values(type.getFields()).filter(
      (one) => (depth < 5 && this.#budget > 0) || !isCompositeType(getNamedType(one.type)),
    )
    if (fields.length === 0) return '__typename'
    const field = this.#dice.pick(fields)
    const below = getNamedType(field.type)
    const before = this.#mayDefer
    this.#mayDefer = this.#defers
    const inner = isCompositeType(below) ? ` ${this.#selectionSet(below, depth + 1)}` : ''
    this.#mayDefer = before
    return `${this.#alias()}${field.name}${this.#args(field.args)}${this.#condition()}${inner}`
  }

  #fragment(type: GraphQLCompositeType, depth: number): string {
    const target = this.#target(type)
    const later = this.#later()
    const body = this.#selectionSet(target, depth + 1)
    if (this.#dice.chance(0.6))
      return `... ${target === type && this.#dice.chance(0.5) ? '' : `on ${target.name}`}${this.#condition()}${later} ${body}`
    const name = `F${this.#fragments.length}`
    this.#fragments.push(`fragment ${name} on ${target.name} ${body}`)
    return `...${name}${this.#condition()}${later}`
  }

  /** `@defer`, as often as not on what is worth it. */
  #later(): string {
    if (!this.#mayDefer || !this.#dice.chance(0.5)) return ''
    const args: string[] = []
    if (this.#dice.chance(0.3)) args.push(`label: "l${this.#labels++}"`)
    if (this.#dice.chance(0.2)) args.push(`if: ${this.#dice.chance(0.7) ? `$${this.#switch()}` : 'true'}`)
    return ` @defer${args.length > 0 ? `(${args.join(', ')})` : ''}`
  }

  /** A type that can be looked at within another. */
  #target(type: GraphQLCompositeType): GraphQLCompositeType {
    if (this.#dice.chance(0.3)) return type
    const wider = Object.values(this.#schema.getTypeMap()).filter(
      (one): one is GraphQLCompositeType =>
        isAbstractType(one) && isObjectType(type) && this.#schema.isSubType(one, type),
    )
    const narrower = isAbstractType(type) ? this.#schema.getPossibleTypes(type) : []
    return this.#dice.pick([...wider, ...narrower, type])
  }

  #alias(): string {
    if (this.#dice.chance(0.7)) return ''
    return `${this.#dice.chance(0.5) ? this.#dice.pick(ODD_ALIASES) : `z${this.#dice.upTo(99)}`}: `
  }

  #condition(): string {
    if (!this.#dice.chance(0.12)) return ''
    const directive = this.#dice.pick(['skip', 'include'])
    const value = this.#dice.chance(0.7) ? `$${this.#switch()}` : this.#dice.pick(['true', 'false'])
    return ` @${directive}(if: ${value})`
  }

  #switch(): string {
    const name = this.#dice.pick(['on', 'off', '__proto__'])
    this.#variables.set(
      name,
      this.#variables.get(name) ?? { type: 'Boolean!', value: this.#dice.chance(0.5), fallback: null },
    )
    return name
  }

  #args(args: readonly GraphQLArgument[]): string {
    const given = args.filter((arg) => isNonNullType(arg.type) || this.#dice.chance(0.7))
    return given.length === 0 ? '' : `(${given.map((arg) => `${arg.name}: ${this.#input(arg.type)}`).join(', ')})`
  }

  #input(type: GraphQLInputType): string {
    if (this.#dice.chance(0.4)) return `$${this.#variable(type)}`
    if (!isNonNullType(type) && this.#dice.chance(0.1)) return 'null'
    if (isInputObjectType(type)) return this.#filter()
    if (isListType(type)) return this.#dice.pick(['[]', '[1, 2]', '7', `[$${this.#variable('Int!')}]`])
    if (isEnumType(type)) return this.#dice.pick(['RED', 'GREEN'])
    return String(type).startsWith('Int')
      ? String(this.#dice.upTo(9))
      : JSON.stringify(this.#dice.pick(['', 'y', 'toString', '"\\é\n']))
  }

  /** An input object with variables in it. */
  #filter(): string {
    switch (this.#dice.upTo(2)) {
      case 0:
        return `{ least: ${this.#dice.chance(0.4) ? `$${this.#variable('Int')}` : this.#dice.upTo(3)} }`
      case 1:
        return `{ inner: $${this.#variable('Filter')}, shade: $${this.#variable('Shade')} }`
      default:
        return `{ any: { deep: [$${this.#variable('Any')}] } }`
    }
  }

  #variable(type: GraphQLInputType | string): string {
    const name = `v${this.#variables.size}`
    const text = String(type)
    const fallback = text.endsWith('!') || !this.#dice.chance(0.4) ? null : VALUES[text]?.[0]?.[0]
    const values: unknown[] = (VALUES[text] ?? []).map(([, value]) => value)
    if (!text.endsWith('!')) values.push(null, undefined)
    this.#variables.set(name, { type: text, value: this.#dice.pick(values), fallback: fallback ?? null })
    return name
  }
}

/** Values of the arguments' types, as literals and as they are sent. */
const VALUES: Readonly<Record<string, readonly (readonly [string, unknown])[]>> = {
  Int: [
    ['4', 4],
    ['0', 0],
  ],
  'Int!': [['5', 5]],
  String: [
    ['"v"', 'v'],
    ['"__proto__"', '__proto__'],
    ['""', ''],
  ],
  Shade: [
    ['GREEN', 'GREEN'],
    ['RED', 'RED'],
  ],
  Filter: [
    ['{}', {}],
    ['{ least: 2 }', { least: 2 }],
    ['{ shade: RED, inner: {} }', { shade: 'RED', inner: {} }],
    ['{ least: null, any: { a: [1] } }', { least: null, any: { a: [1] } }],
  ],
  '[Int!]': [
    ['[1]', [1]],
    ['[]', []],
    ['9', 9],
  ],
  Any: [
    ['3', 3],
    ['{ x: ["y"] }', { x: ['y'] }],
  ],
}

import { parse, print } from 'graphql'
import type { Found } from './shrink.js'
import type { FieldModel, Model } from './model.js'
import { subgraphSdl } from './print-model.js'
import { KEY_FIELDS, World, type Thing } from './resolvers.js'
import { stageOf, type Told } from './stage.js'
import { fieldsOf } from './walk-model.js'

/** What was found as a case of test/federation: its subgraphs with all that they were asked, the operation, and the right answer. */
export async function printCase({ model, operation, difference }: Found & { readonly model: Model }): Promise<string> {
  const told: Told[] = []
  const stage = stageOf(model, (one) => {
    if (!Object.hasOwn(KEY_FIELDS, one.field) && one.type !== 'Org') told.push(one)
  })
  const { query, variables, operationName } = operation
  await stage.federated.ask(query, variables, operationName)
  stage.reset()
  const { data } = await stage.expected(query, variables, operationName)
  const tables = new Tables(model, told)
  const parts = model.subgraphs.map(
    (name) => `    ${name}: part(\`${literalText(subgraphSdl(model, name))}\`, {\n${tables.of(name)}    }),\n`,
  )
  const asked = [`\`${literalText(print(parse(query)))}\``, parsed(variables), JSON.stringify(operationName)]
  return `// ${difference.split('\n').join('\n// ')}
it('MUST F000 …', async () => {
  ${HELPERS}
  const graph = federated({
${parts.join('')}  })
  const { data } = await graph.ask(${asked.join(', ')})
  expect(data).toEqual(${parsed(data)})
})
`
}

/** An object bears its name in each of its keys; what it was given beside them is told apart by what is required. */
const HELPERS = `const named = (it: Row | null): string =>
    String(it?.['at'] ?? it?.['id'] ?? it?.['sku'] ?? it?.['a'] ?? (it?.['org'] as Row | undefined)?.['oid'] ?? '').split('-').slice(-2).join('-')
  const by = (table: Row, needed: readonly string[] = []) => (it: Row, args: Row): unknown => {
    const required = needed.map((name) => JSON.stringify(it[name], (key, value: unknown) => (key === '__typename' ? undefined : value)))
    const value = table[[named(it), JSON.stringify(args), ...required].join(' ')]
    if (value === 'boom') throw new Error('boom')
    return value
  }`

/** By subgraph, type and field: what each object answers. */
class Tables {
  readonly #model: Model
  readonly #world: World
  readonly #told: readonly Told[]

  constructor(model: Model, told: readonly Told[]) {
    this.#model = model
    this.#world = new World(model)
    this.#told = told
  }

  of(subgraph: string): string {
    const types = new Map<string, Map<string, Map<string, string>>>()
    for (const one of this.#told) {
      if (one.subgraph !== subgraph && one.subgraph !== null) continue
      for (const type of this.#typesOf(one, subgraph)) {
        const fields = types.get(type) ?? new Map<string, Map<string, string>>()
        const table = fields.get(one.field) ?? new Map<string, string>()
        table.set(this.#keyOf(one), this.#valueOf(one.value))
        types.set(type, fields.set(one.field, table))
      }
    }
    const all = [...types].map(([type, fields]) => `      ${type}: {\n${this.#fields(type, fields)}      },\n`)
    return [...all, this.#entered(subgraph)].join('')
  }

  /** Where an interface has objects of its own elsewhere, what refers to one of these says what it is. */
  #entered(subgraph: string): string {
    const known = this.#model.types.get('I0')
    if (known?.kind !== 'interface' || known.object === null || !known.members.has(subgraph)) return ''
    return `      I0: { __resolveReference: (it: Row) => ({ ...it, __typename: named(it).split('-')[0] ?? '' }) },\n`
  }

  #fields(type: string, fields: ReadonlyMap<string, ReadonlyMap<string, string>>): string {
    return [...fields]
      .map(([name, table]) => {
        const rows = [...table].map(([key, value]) => `${JSON.stringify(key)}: ${value}`)
        const needed = neededBy(this.#field(type, name))
        return `        ${name}: by({ ${rows.join(', ')} }${needed.length > 0 ? `, ${JSON.stringify(needed)}` : ''}),\n`
      })
      .join('')
  }

  /** The types of a subgraph under which it answers the field. */
  #typesOf({ type, field, subgraph: heardIn }: Told, subgraph: string): string[] {
    if (heardIn !== null) return [type]
    const known = this.#model.types.get('I0')
    const object = known?.kind === 'interface' && known.object?.subgraph === subgraph ? known.object : null
    if (object?.fields.some(({ name }) => name === field)) return ['I0']
    const own = this.#field(type, field)
    return own?.owners.includes(subgraph) === true || own?.overrides === subgraph ? [type] : []
  }

  #field(type: string, name: string): FieldModel | undefined {
    if (type === 'Query') return this.#model.queries.find((one) => one.name === name)
    if (type === 'Mutation') return this.#model.mutations.find((one) => one.name === name)
    const known = this.#model.types.get(type)
    const own = known && !('members' in known) ? known.fields.find((one) => one.name === name) : undefined
    return own ?? fieldsOf(this.#model).find((one) => one.name === name && one.owners.includes('Z'))
  }

  #keyOf({ type, field, on, args, subgraph }: Told): string {
    const needed = this.#field(type, field)?.requires
    const required = on && needed ? Object.values(this.#world.required(needed, on, subgraph) ?? {}) : []
    const name = on ? `${on.own ?? on.__typename}-${on.number}` : ''
    return [name, JSON.stringify(args), ...required.map((one) => JSON.stringify(one))].join(' ')
  }

  #valueOf(value: unknown): string {
    if (value instanceof Error) return "'boom'"
    return JSON.stringify(value, (_, one: unknown) => (isThing(one) ? this.#object(one) : one))
  }

  /** An object with its name and its keys. */
  #object(on: Thing): object {
    const type = this.#model.types.get(on.__typename)
    const keys = type?.kind === 'entity' ? ['id', 'sku', 'a', 'b'] : []
    const fields = keys.map((key) => [key, KEY_FIELDS[key]?.(on)] as const)
    const org = type?.kind === 'entity' ? { org: { oid: `o-${on.__typename}-${on.number}` } } : {}
    return { __typename: on.__typename, at: `${on.__typename}-${on.number}`, ...Object.fromEntries(fields), ...org }
  }
}

function neededBy(field: FieldModel | undefined): string[] {
  const text = field?.requires ?? ''
  return [...text.replace(/\{[^}]*\}|\([^)]*\)/g, '').matchAll(/\w+/g)].map(([name]) => name)
}

function isThing(value: unknown): value is Thing {
  return typeof value === 'object' && value !== null && 'number' in value && '__typename' in value
}

/** As a text that is parsed: a member called `__proto__` would be none in a literal. */
function parsed(value: unknown): string {
  return `JSON.parse(${JSON.stringify(JSON.stringify(value))})`
}

function literalText(text: string): string {
  return text
    .replace(/[`\\]|\$\{/g, '\\$&')
    .replace(/ +/g, ' ')
    .trim()
}

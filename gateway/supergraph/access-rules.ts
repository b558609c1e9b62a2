import {
  baseType,
  isInterfaceType,
  isObjectType,
  type InterfaceType,
  type NamedType,
  type ObjectType,
  type Schema,
  type Supergraph as FederatedSupergraph,
} from '@apollo/federation-internals'
import { Dependencies } from './field-dependencies.js'
import { usesOf, type Marked, type Uses } from './linked-directives.js'
import { impliedByAll } from './requirement-logic.js'
import type { SubgraphTypes } from './subgraph-types.js'

/** What somebody must have to see something. `any` is an OR of ANDs. */
export type AccessRequirement =
  | { readonly kind: 'authenticated' }
  | { readonly kind: 'scopes' | 'policies'; readonly any: readonly (readonly string[])[] }

/** Numbers of requirements; all of them must hold. */
export type Needed = ReadonlySet<number>

/** What a supergraph says of who may see what; requirements are numbered, each distinct one once. */
export interface AccessRules {
  readonly requirements: readonly AccessRequirement[]
  /** All that asking for a field on a type needs: of the field, its type, what it leads to, what it requires, and through an interface of every implementation. */
  field(type: string, field: string): Needed
  /** What an object of the type needs to be shown. */
  type(name: string): Needed
  /** The same of those types and fields alone whose subgraphs may look who asks; null when none of them does. */
  readonly looking: AccessRules | null
}

/** Reads `@authenticated`, `@requiresScopes` and `@policy`; null when nothing is protected. `alike` are types and fields (`Type.field`) that tell the same to all who may see them. */
export function readAccessRules(
  federated: FederatedSupergraph,
  subgraphs: readonly SubgraphTypes[],
  alike: ReadonlySet<string>,
): AccessRules | null {
  const { schema } = federated
  const reader = new RequirementReader(schema)
  const own = readOwn(schema, reader)
  if (own.size === 0) return null
  const parts = { requirements: reader.requirements, dependencies: new Dependencies(schema, subgraphs) }
  const heedful = new Map([...own].filter(([place]) => !alike.has(place)))
  const looking = heedful.size === 0 ? null : new Rules(schema, heedful, { ...parts, looking: null })
  return new Rules(schema, own, { ...parts, looking })
}

const NOTHING: Needed = new Set()

/** What directives say of an element themselves, by `Type` and `Type.field`. */
function readOwn(schema: Schema, reader: RequirementReader): ReadonlyMap<string, Needed> {
  const own = new Map<string, Needed>()
  const note = (key: string, element: Marked): void => {
    const needed = reader.of(element)
    if (needed.size > 0) own.set(key, needed)
  }
  for (const type of schema.types()) {
    note(type.name, type)
    if (!hasFields(type)) continue
    for (const field of type.fields()) note(`${type.name}.${field.name}`, field)
  }
  return own
}

function hasFields(type: NamedType | undefined): type is ObjectType | InterfaceType {
  return type !== undefined && (isObjectType(type) || isInterfaceType(type))
}

/** Numbers the requirements as it meets them. */
class RequirementReader {
  readonly requirements: AccessRequirement[] = []
  readonly #numbers = new Map<string, number>()
  readonly #authenticated: Uses | null
  readonly #scopes: Uses | null
  readonly #policies: Uses | null

  constructor(schema: Schema) {
    this.#authenticated = usesOf(schema, 'authenticated', 'authenticated')
    this.#scopes = usesOf(schema, 'requiresScopes', 'requiresScopes')
    this.#policies = usesOf(schema, 'policy', 'policy')
  }

  of(element: Marked): Needed {
    const needed = new Set<number>()
    if (this.#authenticated?.(element).length) needed.add(this.#number({ kind: 'authenticated' }))
    for (const use of this.#scopes?.(element) ?? [])
      needed.add(this.#number({ kind: 'scopes', any: alternatives(use['scopes']) }))
    for (const use of this.#policies?.(element) ?? [])
      needed.add(this.#number({ kind: 'policies', any: alternatives(use['policies']) }))
    return needed
  }

  #number(requirement: AccessRequirement): number {
    const text = JSON.stringify(requirement)
    const known = this.#numbers.get(text)
    if (known !== undefined) return known
    this.#numbers.set(text, this.requirements.length)
    return this.requirements.push(requirement) - 1
  }
}

function alternatives(value: unknown): readonly (readonly string[])[] {
  return (Array.isArray(value) ? value : [value]).map((all: unknown) =>
    (Array.isArray(all) ? all : [all]).map(String).sort(),
  )
}

interface RulesParts {
  readonly requirements: readonly AccessRequirement[]
  readonly dependencies: Dependencies
  readonly looking: AccessRules | null
}

class Rules implements AccessRules {
  readonly requirements: readonly AccessRequirement[]
  readonly looking: AccessRules | null
  readonly #schema: Schema
  readonly #own: ReadonlyMap<string, Needed>
  readonly #dependencies: Dependencies
  readonly #types = new Map<string, Needed>()
  readonly #fields = new Map<string, Needed>()

  constructor(schema: Schema, own: ReadonlyMap<string, Needed>, { requirements, dependencies, looking }: RulesParts) {
    this.#schema = schema
    this.#own = own
    this.requirements = requirements
    this.looking = looking
    this.#dependencies = dependencies
  }

  type(name: string): Needed {
    let known = this.#types.get(name)
    if (known === undefined) this.#types.set(name, (known = this.#inherited(name, null)))
    return known
  }

  field(type: string, field: string): Needed {
    const key = `${type}.${field}`
    let known = this.#fields.get(key)
    if (known === undefined) {
      const needed = new Set<number>()
      this.#gather(type, field, needed, new Set())
      this.#fields.set(key, (known = needed.size === 0 ? NOTHING : needed))
    }
    return known
  }

  #gather(type: string, field: string, into: Set<number>, seen: Set<string>): void {
    const key = `${type}.${field}`
    if (seen.has(key)) return
    seen.add(key)
    const holder = this.#schema.type(type)
    if (!hasFields(holder)) return
    const found = holder.field(field)
    addAll(into, this.type(type))
    addAll(into, this.#inherited(type, field))
    if (found?.type) addAll(into, this.type(baseType(found.type).name))
    for (const one of this.#dependencies.of(type, field)) this.#gather(one.type, one.field, into, seen)
    if (isInterfaceType(holder))
      for (const member of holder.possibleRuntimeTypes()) this.#gather(member.name, field, into, seen)
  }

  /** Its own needs, and those that only an interface names: the author put them there, and no way round the interface may be had. */
  #inherited(type: string, field: string | null): Needed {
    const own = this.#own.get(keyOf(type, field)) ?? NOTHING
    const holder = this.#schema.type(type)
    if (!hasFields(holder)) return own
    const needed = new Set(own)
    for (const one of holder.interfaces()) addAll(needed, this.#unexplained(one, field))
    return needed
  }

  /** Composition writes on an interface what its implementations need together; what is more than that was said of the interface itself. */
  #unexplained(type: InterfaceType, field: string | null): Needed {
    const own = this.#own.get(keyOf(type.name, field)) ?? NOTHING
    if (own.size === 0) return own
    const members = type.possibleRuntimeTypes().map((member) => this.#own.get(keyOf(member.name, field)) ?? NOTHING)
    const said = members.flatMap((needed) => [...needed].flatMap((one) => this.requirements[one] ?? []))
    return new Set([...own].filter((one) => !impliedByAll(said, this.requirements[one])))
  }
}

function keyOf(type: string, field: string | null): string {
  return field === null ? type : `${type}.${field}`
}

function addAll(into: Set<number>, needed: Needed): void {
  for (const one of needed) into.add(one)
}

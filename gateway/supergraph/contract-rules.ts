import {
  baseType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isNonNullType,
  isObjectType,
  isUnionType,
  type ArgumentDefinition,
  type FieldDefinition,
  type InputFieldDefinition,
  type InterfaceType,
  type NamedType,
  type ObjectType,
  type Schema,
} from '@apollo/federation-internals'
import type { Contract } from './contract.js'
import { usesOf, type Marked } from './linked-directives.js'
import { reachedTypes } from './reached-types.js'

type Holder = ObjectType | InterfaceType
type Field = FieldDefinition<Holder>

/**
 * What a contract does not show, as Apollo's contracts have it, by the elements' names. A tag of an object or interface is one of all its
 * fields. What cannot stand without something hidden is hidden, too: fields and arguments of a hidden type, a field whose
 * required argument is hidden, whatever has nothing left; and at the end all that no way leads to.
 */
export function excludedBy(schema: Schema, contract: Contract): ReadonlySet<string> {
  const rules = new ContractRules(schema, contract)
  rules.hideTagged()
  while (rules.hideDependent()) continue
  rules.hideUnreached()
  return rules.hidden
}

class ContractRules {
  readonly hidden = new Set<string>()
  readonly #schema: Schema
  readonly #contract: Contract
  readonly #types: readonly NamedType[]
  readonly #tagsOf: (element: Marked) => readonly string[]

  constructor(schema: Schema, contract: Contract) {
    const tags = usesOf(schema, 'tag', 'tag')
    const inaccessible = usesOf(schema, 'inaccessible', 'inaccessible')
    this.#schema = schema
    this.#contract = contract
    this.#types = schema.types().filter((type) => !schema.coreFeatures?.sourceFeature(type))
    this.#tagsOf = (element) => tags?.(element).map(({ name }) => String(name)) ?? []
    for (const [name, element] of this.#elements()) if (inaccessible?.(element).length) this.hidden.add(name)
  }

  *#elements(): Iterable<readonly [string, Marked]> {
    for (const type of this.#types) {
      yield [type.name, type]
      if (isEnumType(type)) for (const value of type.values) yield [`${type.name}.${value.name}`, value]
      if (isInputObjectType(type)) for (const field of type.fields()) yield [`${type.name}.${field.name}`, field]
      if (!isHolder(type)) continue
      for (const field of type.fields()) {
        yield [nameOf(field), field]
        for (const argument of field.arguments()) yield [argumentName(argument), argument]
      }
    }
  }

  hideTagged(): void {
    const { include, exclude } = this.#contract
    const bears = (element: Marked, names: readonly string[]): boolean =>
      this.#tagsOf(element).some((tag) => names.includes(tag))
    for (const [name, element] of this.#elements()) if (bears(element, exclude)) this.hidden.add(name)
    if (include.length === 0) return
    for (const type of this.#types) {
      if (isUnionType(type) && !bears(type, include)) this.hidden.add(type.name)
      if (!isHolder(type) || bears(type, include)) continue
      for (const field of type.fields()) if (!bears(field, include)) this.hidden.add(nameOf(field))
    }
  }

  /** One round; true when something more was hidden. */
  hideDependent(): boolean {
    const before = this.hidden.size
    for (const type of this.#types) {
      if (isHolder(type)) for (const field of type.fields()) this.#hideField(type, field)
      if (isInputObjectType(type)) for (const field of type.fields()) this.#hideInput(type.name, field)
      if (this.#hasNothing(type)) this.hidden.add(type.name)
    }
    return this.hidden.size > before
  }

  #hideField(type: Holder, field: Field): void {
    const name = nameOf(field)
    for (const argument of field.arguments()) {
      const kin = type.interfaces().flatMap((one) => one.field(field.name)?.argument(argument.name) ?? [])
      const family = [argumentName(argument), ...kin.map(argumentName)]
      // An implementation takes the arguments of its interface, and no required one more.
      const isHidden = this.#isHiddenInput(argument) || family.some((one) => this.hidden.has(one))
      if (isHidden) for (const one of family) this.hidden.add(one)
      if (isHidden && isRequired(argument)) this.hidden.add(name)
    }
    if (this.hidden.has(type.name) || (field.type && this.hidden.has(baseType(field.type).name))) this.hidden.add(name)
    // A type that is shown has the fields of its interfaces.
    if (!this.hidden.has(name) || this.hidden.has(type.name)) return
    for (const one of type.interfaces()) {
      const implemented = one.field(field.name)
      if (implemented) this.hidden.add(nameOf(implemented))
    }
  }

  #hideInput(type: string, field: InputFieldDefinition): void {
    const name = `${type}.${field.name}`
    if (this.#isHiddenInput(field)) this.hidden.add(name)
    if (this.hidden.has(name) && isRequired(field)) this.hidden.add(type)
  }

  /** Its type is hidden, or its default says something that is. */
  #isHiddenInput({ type, defaultValue }: InputFieldDefinition | ArgumentDefinition<Field>): boolean {
    if (type === undefined) return false
    const inner = baseType(type)
    return this.hidden.has(inner.name) || this.#says(inner, defaultValue)
  }

  #says(type: NamedType, value: unknown): boolean {
    if (Array.isArray(value)) return value.some((one) => this.#says(type, one))
    if (isEnumType(type)) return typeof value === 'string' && this.hidden.has(`${type.name}.${value}`)
    if (!isInputObjectType(type) || typeof value !== 'object' || value === null) return false
    return Object.entries(value).some(([key, inner]) => {
      const field = type.field(key)?.type
      return this.hidden.has(`${type.name}.${key}`) || (field !== undefined && this.#says(baseType(field), inner))
    })
  }

  #hasNothing(type: NamedType): boolean {
    const gone = (names: readonly string[]): boolean => names.every((name) => this.hidden.has(name))
    if (isHolder(type)) return gone(type.fields().map(nameOf))
    if (isUnionType(type)) return gone(type.types().map(({ name }) => name))
    if (isEnumType(type)) return gone(type.values.map(({ name }) => `${type.name}.${name}`))
    return isInputObjectType(type) && gone(type.fields().map(({ name }) => `${type.name}.${name}`))
  }

  hideUnreached(): void {
    const reached = reachedTypes(this.#schema, this.hidden)
    for (const type of this.#types) {
      const isNamed = this.#tagsOf(type).some((tag) => this.#contract.include.includes(tag))
      if (!reached.has(type.name) && !isNamed && !isBuiltIn(type)) this.hidden.add(type.name)
    }
  }
}

function isHolder(type: NamedType): type is Holder {
  return isObjectType(type) || isInterfaceType(type)
}

function isBuiltIn(type: NamedType): boolean {
  return type.isBuiltIn
}

function isRequired({ type, defaultValue }: InputFieldDefinition | ArgumentDefinition<Field>): boolean {
  return type !== undefined && isNonNullType(type) && defaultValue === undefined
}

function nameOf(field: Field): string {
  return `${field.parent.name}.${field.name}`
}

function argumentName(argument: ArgumentDefinition<Field>): string {
  return `${nameOf(argument.parent)}.${argument.name}`
}

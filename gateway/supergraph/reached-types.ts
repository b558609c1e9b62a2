import {
  baseType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isUnionType,
  type NamedType,
  type Schema,
} from '@apollo/federation-internals'

/** The types that a client can come to from the roots, without what is hidden. An object brings the interfaces that it implements along. */
export function reachedTypes(schema: Schema, hidden: ReadonlySet<string>): ReadonlySet<string> {
  const reach = new Reach(hidden)
  for (const root of schema.schemaDefinition.roots()) reach.come(root.type)
  for (const directive of schema.directives())
    if (schema.coreFeatures?.sourceFeature(directive) === undefined)
      for (const { type } of directive.arguments()) if (type) reach.come(baseType(type))
  reach.follow()
  return reach.reached
}

class Reach {
  /** With whether a value may be of the type: an interface that is only implemented leads to no other implementation. */
  readonly #ways = new Map<string, boolean>()
  readonly #waiting: NamedType[] = []
  readonly #hidden: ReadonlySet<string>

  constructor(hidden: ReadonlySet<string>) {
    this.#hidden = hidden
  }

  get reached(): ReadonlySet<string> {
    return new Set(this.#ways.keys())
  }

  come(type: NamedType, asValue = true): void {
    const known = this.#ways.get(type.name)
    if (this.#hidden.has(type.name) || known === true || known === asValue) return
    this.#ways.set(type.name, asValue)
    this.#waiting.push(type)
  }

  follow(): void {
    for (let type = this.#waiting.pop(); type !== undefined; type = this.#waiting.pop()) this.#followType(type)
  }

  #followType(type: NamedType): void {
    if (isUnionType(type)) for (const member of type.types()) this.come(member)
    if (isInterfaceType(type) && this.#ways.get(type.name) === true)
      for (const member of type.possibleRuntimeTypes()) this.come(member)
    if (isInputObjectType(type))
      for (const field of type.fields()) this.#element(`${type.name}.${field.name}`, field.type)
    if (!isObjectType(type) && !isInterfaceType(type)) return
    for (const one of type.interfaces()) this.come(one, false)
    for (const field of type.fields()) {
      const name = `${type.name}.${field.name}`
      this.#element(name, field.type)
      if (this.#hidden.has(name)) continue
      for (const argument of field.arguments()) this.#element(`${name}.${argument.name}`, argument.type)
    }
  }

  #element(name: string, type: Parameters<typeof baseType>[0] | undefined): void {
    if (type !== undefined && !this.#hidden.has(name)) this.come(baseType(type))
  }
}

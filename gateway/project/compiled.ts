import { isAbstractType, isEnumType, isListType, isNonNullType, isObjectType, type GraphQLOutputType } from 'graphql'
import { jsonText } from '../operation/json-text.js'
import { isInherited, thing, type Tree } from '../merge/tree.js'
import { leafWriter } from './leaf.js'
import type { Shape, ShapeField } from './shape.js'

/** Writes the answer of one operation; null when something is not as it should be, and the plain form has to tell what. */
export type CompiledWriter = (tree: Tree) => string | null

/** Thrown by a compiled writer to leave everything to the plain form; it is no error and carries nothing. */
const ANOMALY: unique symbol = Symbol('anomaly')

type ObjectWriter = (it: unknown) => string

/**
 * The fast form of `project`: for each type of object a function with its fields written out, so that the engine reads each
 * property in one known place (bench/gateway). It tells no error; the plain form is its slow path and its oracle. Null when
 * the shape has introspection, which is answered elsewhere.
 */
export function compiledWriter(shape: Shape): CompiledWriter | null {
  const typename = shape.type.name
  const fields = shape.fieldsFor(typename)
  if (fields === null || fields.some(({ name }) => name === '__schema' || name === '__type')) return null
  const write = objectWriter(shape, typename)
  return (tree) => {
    if (tree.failed) return null
    try {
      return write(tree.root)
    } catch (error) {
      if (error === ANOMALY) return null
      throw error
    }
  }
}

/** Objects of one type at one place. Their code holds names of the schema and response names only as JSON texts. */
function objectWriter(shape: Shape, typename: string): ObjectWriter {
  const fields = shape.fieldsFor(typename)
  if (fields === null) return anomaly
  const source = new Source()
  for (const field of fields) source.field(field)
  return source.compile()
}

function anomaly(): never {
  throw ANOMALY // eslint-disable-line @typescript-eslint/only-throw-error -- it is a signal, made once, without a stack
}

/** Abstract places: the writer for each type is made when the first object of it comes. */
function abstractWriter(shape: Shape): ObjectWriter {
  const byType = new Map<string, ObjectWriter>()
  return (value) => {
    const typename = thing(value)?.['__typename']
    if (typeof typename !== 'string') return anomaly()
    let writer = byType.get(typename)
    if (writer === undefined) byType.set(typename, (writer = objectWriter(shape, typename)))
    return writer(value)
  }
}

/** Object places of a static type: made when the first object comes. */
function lazyWriter(shape: Shape): ObjectWriter {
  let writer: ObjectWriter | null = null
  return (value) => (writer ??= objectWriter(shape, shape.type.name))(value)
}

/** The code of one object writer while it is being put together. */
class Source {
  readonly #constants: unknown[] = []
  #code = ''
  #head = ''
  #isFirst = true
  #names = 0

  field(field: ShapeField): void {
    this.#head += `${this.#isFirst ? '{' : ','}${JSON.stringify(field.response)}:`
    this.#isFirst = false
    if (field.name === '__typename') {
      if (isObjectType(field.parent)) this.#head += JSON.stringify(field.parent.name)
      else this.#code += 'anomaly();'
      return
    }
    this.#flush()
    if (field.denied) {
      this.#code += 'anomaly();'
      return
    }
    const key = JSON.stringify(field.inner)
    const value = this.#name()
    this.#code += `const ${value}=${isInherited(field.inner) ? `own(it,${key})?it[${key}]:undefined` : `it[${key}]`};`
    this.#place(field, field.type, value)
  }

  compile(): ObjectWriter {
    if (this.#isFirst) this.#head = '{'
    this.#flush()
    const names = this.#constants.map((_, at) => `c${at}`).join(',')
    const body = `"use strict";return function(it){if(typeof it!=='object'||it===null||Array.isArray(it))anomaly();let t='';${this.#code}return t+'}'}`
    // The one place where code is made of text: all that goes into it is JSON texts and numbered names.
    // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call
    return new Function('anomaly', 'text', 'own', names, body)(
      anomaly,
      jsonText,
      Object.hasOwn,
      ...this.#constants,
    ) as ObjectWriter
  }

  /** Puts down what is known before it is written: names of fields, and brackets. */
  #flush(): void {
    if (this.#head !== '') this.#code += `t+=${JSON.stringify(this.#head)};`
    this.#head = ''
  }

  #place(field: ShapeField, type: GraphQLOutputType, value: string): void {
    if (isNonNullType(type)) {
      this.#code += `if(${value}===null||${value}===undefined)anomaly();`
      this.#value(field, type.ofType, value)
    } else {
      this.#code += `if(${value}===null||${value}===undefined)t+='null';else{`
      this.#value(field, type, value)
      this.#code += '}'
    }
  }

  #value(field: ShapeField, type: GraphQLOutputType, value: string): void {
    if (isNonNullType(type)) return
    if (isListType(type)) this.#list(field, type.ofType, value)
    else if (field.shape) {
      const writer = isAbstractType(type) ? abstractWriter(field.shape) : lazyWriter(field.shape)
      this.#code += `t+=${this.#constant(writer)}(${value});`
    } else this.#leaf(type, value)
  }

  #list(field: ShapeField, type: GraphQLOutputType, value: string): void {
    const [at, item] = [this.#name(), this.#name()]
    this.#code += `if(!Array.isArray(${value}))anomaly();t+='[';for(let ${at}=0;${at}<${value}.length;${at}++){if(${at}>0)t+=',';const ${item}=${value}[${at}];`
    this.#place(field, type, item)
    this.#code += "}t+=']';"
  }

  #leaf(type: GraphQLOutputType, value: string): void {
    const known = LEAVES.get(String(type))
    if (known) this.#code += known(value)
    else if ('parseValue' in type || isEnumType(type)) {
      const written = this.#name()
      this.#code += `const ${written}=${this.#constant(leafWriter(type))}(${value});if(${written}===null)anomaly();t+=${written};`
    }
  }

  #constant(value: unknown): string {
    this.#constants.push(value)
    return `c${this.#constants.length - 1}`
  }

  #name(): string {
    return `v${this.#names++}`
  }
}

/** Leaves whose code is shorter than a call. */
const LEAVES: ReadonlyMap<string, (value: string) => string> = new Map([
  ['String', (value: string) => `if(typeof ${value}!=='string')anomaly();t+=text(${value});`],
  ['ID', (value: string) => `if(typeof ${value}!=='string')anomaly();t+=text(${value});`],
  ['Int', (value: string) => `if(typeof ${value}!=='number'||(${value}|0)!==${value})anomaly();t+=${value};`],
  ['Float', (value: string) => `if(typeof ${value}!=='number'||!Number.isFinite(${value}))anomaly();t+=${value};`],
  ['Boolean', (value: string) => `if(${value}===true)t+='true';else if(${value}===false)t+='false';else anomaly();`],
])

import { Kind, type DirectiveNode, type SelectionNode } from 'graphql'
import type { Operation } from './read-operation.js'
import type { Variables } from './read-variables.js'

/** The values of an operation's switches: the variables of `@skip`, `@include` and `@defer`. */
export type Switches = ReadonlyMap<string, boolean>

/** What the request says of the operation's switches. One that was not given can only be `@defer`'s, whose default is true. */
export function switchesOf(operation: Operation, variables: Variables): Switches {
  return new Map(operation.switches.map((name) => [name, name in variables ? variables[name] === true : true]))
}

/** One character per switch: the part of a plan's key that they are. */
export function switchKey(switches: Switches): string {
  let key = ''
  for (const on of switches.values()) key += on ? '1' : '0'
  return key
}

/** GraphQL, "@skip" and "@include": neither has precedence over the other. */
export function isIncluded(selection: SelectionNode, switches: Switches): boolean {
  for (const directive of selection.directives ?? []) {
    if (directive.name.value === 'skip' && isOn(directive, switches)) return false
    if (directive.name.value === 'include' && !isOn(directive, switches)) return false
  }
  return true
}

/** The value of a directive's `if`; true when it has none. */
export function isOn(directive: DirectiveNode, switches: Switches): boolean {
  const value = directive.arguments?.find((argument) => argument.name.value === 'if')?.value
  if (value?.kind === Kind.VARIABLE) return switches.get(value.name.value) === true
  return value?.kind !== Kind.BOOLEAN || value.value
}

import { fields, list, type Fields } from '../../platform/decode.js'
import { parseExact } from '../../platform/exact-json.js'
import { refusals } from './answers.js'

/** A call's `param`, read field by field; what does not fit is refused as the platform would. */
export interface Param {
  /** An id: a whole number in JSON, also sent as text. */
  id(name: string): string
  optionalId(name: string): string | null
  whole(name: string, least: number, most: number): number
  optionalWhole(name: string, least: number, most: number): number | null
  text(name: string): string
  optionalText(name: string): string
  all<T>(name: string, each: (param: Param) => T): readonly T[]
}

/** Reads the JSON text of `param`; none is an empty one. */
export function readParam(text: string | undefined): Param {
  try {
    return paramOf(fields(text === undefined || text === '' ? {} : parseExact(text), 'param'))
  } catch {
    throw refusals.parameter('param is not JSON')
  }
}

function paramOf(it: Fields): Param {
  const id = (name: string): string => {
    const value = it[name]
    if (typeof value === 'string' && /^\d{1,20}$/.test(value)) return value
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value.toString()
    throw refusals.parameter(`${name} must be an id`)
  }
  const whole = (name: string, least: number, most: number): number => {
    const value = it[name]
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < least || value > most)
      throw refusals.parameter(`${name} must be a whole number from ${least} to ${most}`)
    return value
  }
  const text = (name: string): string => {
    const value = it[name]
    if (typeof value !== 'string') throw refusals.parameter(`${name} must be a text`)
    return value
  }
  return {
    ...{ id, whole, text },
    optionalId: (name) => (it[name] === undefined || it[name] === null ? null : id(name)),
    optionalWhole: (name, least, most) =>
      it[name] === undefined || it[name] === null ? null : whole(name, least, most),
    optionalText: (name) => (it[name] === undefined || it[name] === null ? '' : text(name)),
    all: (name, each) => list(it[name] ?? [], name, (value, place) => each(paramOf(fields(value, place)))),
  }
}

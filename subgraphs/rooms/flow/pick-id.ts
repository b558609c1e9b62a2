import { globalId } from '../../../schema/ids.js'
import type { Workplace } from './workplace.js'

/** A new id of a type. */
export function pickId(on: Workplace, type: string): string {
  return globalId(type, on.chance.uuid().replaceAll('-', ''))
}

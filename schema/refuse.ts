import { Failure, type FailureOptions } from '../platform/failure.js'
import type { FailureCode } from './failures.js'

/** A refusal with one of our codes; throw it. In a mutation the host turns it into a typed error of the payload. */
export function refuse(code: FailureCode, message: string, options: FailureOptions = {}): Failure {
  return new Failure(code, message, options)
}

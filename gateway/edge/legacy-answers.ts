import { mediaType } from './cross-site.js'

/** GraphQL over HTTP, "application/json": for clients that read nothing newer, a document that was refused is still an answer (200). */
export function isStillAnAnswer(accept: string | undefined, codes: readonly string[]): boolean {
  return isLegacy(accept) && codes.every((code) => OF_DOCUMENT.has(code))
}

const OF_DOCUMENT: ReadonlySet<string> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
])

function isLegacy(accept: string | undefined): boolean {
  return mediaType(accept?.split(',')[0]) === 'application/json' && !/graphql-response|\*\/\*/.test(accept ?? '')
}

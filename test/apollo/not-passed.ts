const OTHER_TYPE = 'a body of another type is refused with 415 before Apollo Server sees it (S17)'
const OTHER_CODE = 'the status is 415, the code is ours: UNSUPPORTED_MEDIA_TYPE, not BAD_REQUEST'
const NO_STORE = 'an answer that nobody made cacheable says no-store, so that no cache has to guess (S30)'

/** The tests of Apollo's suite that our edge does not pass, by their whole name, each with its reason; `docs/gateway.md` tells the same in short. */
export const NOT_PASSED: ReadonlyMap<string, string> = new Map([
  ['apolloServerTests.ts › CSRF prevention › default', OTHER_TYPE],
  ['httpServerTests.ts › graphqlHTTP › throws an error if POST body is empty', OTHER_TYPE],
  ['httpServerTests.ts › graphqlHTTP › throws an error if invalid content-type', OTHER_TYPE],
  [
    'httpServerTests.ts › graphqlHTTP › throws an error if GET request has a non-application/json content-type',
    OTHER_CODE,
  ],
  [
    'httpServerTests.ts › graphqlHTTP › throws an error if GET request has a non-preflighted non-application/json content-type',
    OTHER_CODE,
  ],
  ['httpServerTests.ts › graphqlHTTP › throws an error if GET request has a malformed content-type', OTHER_CODE],
  ['httpServerTests.ts › graphqlHTTP › cache-control › runs when cache-control is disabled', NO_STORE],
  ['httpServerTests.ts › graphqlHTTP › cache-control not set without any hints with if-cacheable', NO_STORE],
])

/** What the suite itself leaves out: it needs graphql 17, which needs Node 22. */
export const NOT_RUN: readonly string[] = [
  'includes all fields with defer legacy',
  'includes all fields with defer modern',
  'tests that require graphql@17',
]

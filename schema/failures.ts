/**
 * The codes of failure: promises to clients. Add, never rename. Apollo's own name is used where it has one.
 * A code stands in `errors[].extensions.code` for faults and refused requests, and in `UserError.code` for refusals of a mutation.
 */
export const FAILURES = {
  // of the request
  BAD_USER_INPUT: 'An argument or a variable is not of the form that its type or description asks for.',
  BAD_REQUEST: 'The HTTP request is not one that the endpoint can read.',
  GRAPHQL_PARSE_FAILED: 'The document is not GraphQL.',
  GRAPHQL_VALIDATION_FAILED: 'The document does not fit the schema.',
  OPERATION_RESOLUTION_FAILURE: 'The operation asked for is not in the document.',
  PERSISTED_QUERY_NOT_FOUND: 'No document is known under this hash; send it along.',
  DOCUMENT_NOT_TRUSTED: 'Only documents that were made known beforehand are served here.',
  REQUEST_TOO_LARGE: 'The body, or what it unpacks to, is over the limit.',
  UNSUPPORTED_MEDIA_TYPE: 'The body is not of a type, encoding or alphabet that the endpoint reads.',
  LIMIT_EXCEEDED: 'The document is deeper, longer or wider than the endpoint allows.',
  METHOD_NOT_ALLOWED: 'This kind of operation is not served by this HTTP method.',
  // of who asks
  UNAUTHENTICATED: 'The token is missing where one is needed, wrong, or expired.',
  UNAUTHORIZED_FIELD_OR_TYPE: 'Whoever asks may not see this field or objects of this type.',
  FORBIDDEN: 'The token is good, but its owner may not do or see this.',
  NETWORK_FORBIDDEN: 'The credential is not used from this address.',
  QUOTA_EXCEEDED: 'The credential has asked as often as it may for now; try again after the time named.',
  CSRF: 'The request could have been sent by a foreign page.',
  // of the parts behind
  INTERNAL_SERVER_ERROR: 'Something of ours failed; its text is in our log only.',
  SUBGRAPH_UNAVAILABLE: 'The part that owns these fields did not answer.',
  SUBGRAPH_TIMEOUT: 'The part that owns these fields did not answer in time.',
  REQUEST_TIMEOUT: 'The time for the whole request was over before the part that owns these fields could answer.',
  SUBGRAPH_MALFORMED: 'The part that owns these fields answered something that is no answer.',
  SUBGRAPH_TOO_LARGE: 'The answer of the part that owns these fields is over the limit.',
  PLAN_FAILED: 'No way to answer this operation was found within the budget.',
  BUSY: 'More is asked than can be done now; try again after the time named.',
  PARTNER_UNAVAILABLE: 'The partner did not answer, or answered that it cannot serve now.',
  PARTNER_REFUSED: 'The partner answered, and its answer is no.',
  // of live events
  GAP: 'The cursor is older than what is still held; start from a fresh snapshot.',
  SUBSCRIPTION_SCHEMA_RELOAD: 'The schema changed and this subscription is no longer valid in it.',
  // of deeds
  NOT_FOUND: 'Nothing is known under this id, or it is not yours to see.',
  CONFLICT: 'The thing has moved meanwhile; read it again.',
  IDEMPOTENCY_MISMATCH: 'This idempotency key was used before with another body.',
  STATE_FORBIDS: 'The thing is in a state that does not allow this.',
  STOCK_SHORT: 'There is not enough left to sell.',
  LIMIT_PER_MEMBER: 'The member has had as many of this offer as one may have.',
  OFFER_CLOSED: 'The offer has not begun, is over or is sold out.',
  BELOW_FLOOR: 'The price is below the floor that no offers of the variant may break.',
  TICKET_MISSING: 'The flash sale admits by queue tickets, and none of it was shown.',
  TICKET_FORGED: 'The queue ticket was not made by us.',
  TICKET_OTHER_MEMBER: "The queue ticket is another member's.",
  TICKET_EXPIRED: 'The queue ticket is too old; take it again, the place is kept.',
  TICKET_NOT_YET: 'The turn of this queue ticket has not come yet.',
  NOT_DELIVERED: 'Nothing is delivered to the region of the address.',
  PRICE_CHANGED: 'The price is no longer the one that was quoted.',
  CURRENCY_MIXED: 'All lines of an order are in one currency.',
  BALANCE_SHORT: 'The account does not hold as much as is to be taken from it.',
  PAYMENT_DECLINED: 'The payment was refused by its provider.',
  CLICK_INVALID: 'The click id was not made by us.',
  ROOM_NOT_LIVE: 'The room is not live.',
  COMMENT_BLANK: 'A comment says something.',
  COMMENT_TOO_LONG: 'A comment is at most 200 characters long.',
  COMMENT_RATE: 'This member comments too fast.',
  MUTED: 'The member may not comment in this room.',
  DRAW_CLOSED: 'The draw takes no entries now.',
  CAMPAIGN_CLOSED: 'The campaign is not open.',
  NOT_ENROLLED: 'The member has not enrolled in this campaign.',
  NOT_BOUND: 'The account at the social network is not bound.',
  SIGNATURE_INVALID: 'The signature is missing, wrong or too old.',
} as const

/** One of the codes above. */
export type FailureCode = keyof typeof FAILURES

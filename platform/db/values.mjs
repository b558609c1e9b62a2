/**
 * How PostgreSQL's texts become values, by the number of the type; one table for both databases, so that both answer alike.
 * Plain JavaScript because the worker of the embedded database imports it as it stands. What is not named here stays text:
 * numeric, date, timestamp, uuid, xid8.
 */

/** @typedef {(text: string) => unknown} Parse */

/** @type {Parse} */
const asText = (text) => text

/** @type {Parse} */
const asBytes = (text) => Uint8Array.from(Buffer.from(text.slice(2), 'hex'))

/** @type {Parse} */
const asJson = (text) => JSON.parse(text)

/** @type {Parse} */
function asWhole(text) {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`an int8 must lie within 2^53, got ${text}`)
  return value
}

/** @type {readonly (readonly [type: number, array: number, parse: Parse])[]} */
const TYPES = [
  [16, 1000, (text) => text === 't'], // bool
  [17, 1001, asBytes],
  [20, 1016, asWhole], // int8
  [21, 1005, Number], // int2
  [23, 1007, Number], // int4
  [26, 1028, Number], // oid
  [700, 1021, Number], // float4
  [701, 1022, Number], // float8
  [114, 199, asJson], // json
  [3802, 3807, asJson], // jsonb
  [1184, 1185, (text) => new Date(text)], // timestamptz
  [1082, 1182, asText], // date
  [1114, 1115, asText], // timestamp
  [1700, 1231, asText], // numeric
  [25, 1009, asText], // text
  [1043, 1015, asText], // varchar
  [1042, 1014, asText], // char(n)
  [19, 1003, asText], // name
  [2950, 2951, asText], // uuid
  [5069, 271, asText], // xid8
]

const TOKEN = /[{}]|"((?:[^"\\]|\\.)*)"|[^{},"]+/gs

/**
 * Reads the text of an array of any depth: `{1,NULL,"a\"b"}`.
 * @param {string} text
 * @param {Parse} parse
 */
function readArray(text, parse) {
  /** @type {unknown[]} */
  const root = []
  const stack = [root]
  for (const [token, quoted] of text.slice(text.indexOf('{')).matchAll(TOKEN)) {
    const list = stack.at(-1) ?? root
    if (token === '{') {
      /** @type {unknown[]} */
      const inner = []
      list.push(inner)
      stack.push(inner)
    } else if (token === '}') stack.pop()
    else if (quoted !== undefined) list.push(parse(quoted.replace(/\\(.)/gs, '$1')))
    else list.push(token === 'NULL' ? null : parse(token))
  }
  return root[0]
}

/** The reading function of each type that is not text, arrays among them. */
export const PARSERS = new Map(
  TYPES.flatMap(([type, array, parse]) => [
    [type, parse],
    [array, /** @type {Parse} */ ((text) => readArray(text, parse))],
  ]),
)

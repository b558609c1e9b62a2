import { list, text } from '../decode.js'
import type { Entry, Position } from './bus.js'

/**
 * Appends entries to a stream, all in one step: a lost connection never leaves a gap that later entries would close over.
 * KEYS: the stream. ARGV: what the teller took for its last position, the length to trim to, the time, then position and body of each entry.
 */
export const APPEND = `
local function parts(id)
  return string.match(id, '^(%d+)-(%d+)$')
end
local function below(a, b)
  if #a ~= #b then return #a < #b end
  return a < b
end
local newest = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)
local tx, row = parts(newest[1] and newest[1][1] or '0-0')
local afterTx, afterRow = parts(ARGV[1])
if below(tx, afterTx) or (tx == afterTx and below(row, afterRow)) then return 0 end
local added = 0
for i = 4, #ARGV, 2 do
  local told = redis.pcall('XADD', KEYS[1], 'MAXLEN', '~', ARGV[2], ARGV[i], 'body', ARGV[i + 1], 'at', ARGV[3])
  if type(told) == 'string' then added = added + 1
  elseif not string.find(told.err, 'equal or smaller') then return redis.error_reply(told.err) end
end
return added
`

/**
 * Takes the oldest entries out that were appended before a time; gives how many: call it again while it gives as many as it may.
 * The newest stays, by which the teller knows where he is. KEYS: the stream. ARGV: the time, the most.
 */
export const FORGET = `
local newest = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)
local old = {}
for _, entry in ipairs(redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', ARGV[2])) do
  local at = tonumber(entry[2][4])
  if not at or at >= tonumber(ARGV[1]) or entry[1] == newest[1][1] then break end
  old[#old + 1] = entry[1]
end
if #old > 0 then redis.call('XDEL', KEYS[1], unpack(old)) end
return #old
`

/** Reads the answer of XREAD for one stream: `[[key, [[id, [field, value, …]], …]]]`, or nothing when none came in time. */
export function entriesOf(reply: unknown): readonly Entry[] {
  if (reply === null) return []
  const [stream] = list(reply, 'reply', pair)
  return stream === undefined ? [] : list(stream[1], 'reply.entries', entry)
}

/** Reads the answer of XREVRANGE: the position of its first entry. */
export function lastOf(reply: unknown): Position | null {
  return list(reply, 'reply', entry)[0]?.position ?? null
}

function entry(value: unknown, place: string): Entry {
  const [id, values] = pair(value, place)
  const [, body] = pair(values, place)
  return { position: text(id, place), body: text(body, place, { least: 0, most: Number.MAX_SAFE_INTEGER }) }
}

function pair(value: unknown, place: string): readonly unknown[] {
  return list(value, place, (item) => item)
}

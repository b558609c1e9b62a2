import { createHash, createHmac } from 'node:crypto'

/** The states of a draw. */
export const DRAW_STATES = ['OPEN', 'CLOSED'] as const
export type DrawState = (typeof DRAW_STATES)[number]

/** What somebody must have done in the room to enter a draw. */
export const DRAW_CONDITIONS = ['NONE', 'COMMENTED', 'WATCHED'] as const
export type DrawCondition = (typeof DRAW_CONDITIONS)[number]

/** All that is public of a closed draw, and all that is needed to draw it again. */
export interface DrawRecord {
  readonly commitment: string
  readonly root: string
  readonly seed: string
  readonly beacon: string
}

/** An entrant and its score: 64 hexadecimal digits, the lowest wins. */
export interface Scored {
  readonly entrant: string
  readonly score: string
}

/** SHA-256 of the seed's bytes: published before anybody may enter, it binds us to the seed. */
export function commitmentOf(seed: Uint8Array): string {
  return createHash('sha256').update(seed).digest('hex')
}

/** SHA-256 of the entrants, each once, sorted, one to a line: published at closing, it binds us to who took part. */
export function rootOf(entrants: readonly string[]): string {
  return createHash('sha256')
    .update([...new Set(entrants)].sort().join('\n'))
    .digest('hex')
}

/** Every entrant with its score HMAC-SHA256(seed, "root|beacon|entrant"), the winner first. */
export function ranking(seed: Uint8Array, beacon: string, entrants: readonly string[]): readonly Scored[] {
  const root = rootOf(entrants)
  const scored = [...new Set(entrants)].map((entrant) => ({
    entrant,
    score: createHmac('sha256', seed).update(`${root}|${beacon}|${entrant}`).digest('hex'),
  }))
  return scored.sort((a, b) => (a.score < b.score ? -1 : 1))
}

/** Whether the seed was the one promised, the entrants are those of the root, and the winners are theirs: what anybody can ask for himself. */
export function drawHolds(record: DrawRecord, entrants: readonly string[], winners: readonly string[]): boolean {
  const seed = Buffer.from(record.seed, 'hex')
  if (commitmentOf(seed) !== record.commitment || rootOf(entrants) !== record.root) return false
  const drawn = ranking(seed, record.beacon, entrants).slice(0, winners.length)
  return winners.every((winner, at) => drawn[at]?.entrant === winner)
}
